"""Training and evaluation: the only place for scikit-learn. Empty until the trained model."""
