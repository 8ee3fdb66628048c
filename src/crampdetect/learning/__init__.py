"""Training and evaluation: the only place for scikit-learn.

`night_plans` says which nights are made, `harvest` turns a night into labelled events, `dataset`
does so for many, `boosting` and `training` fit, `trees` and `trained_model` write plain numbers.
`scoring` and what it needs compare truth and results.
"""
