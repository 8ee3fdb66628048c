"""The questions of `crampdetect setup` about the sensor."""

from crampdetect.cli.setup_question import Person, Question
from crampdetect.devices.catalogue import DEVICES
from crampdetect.storage.configuration import Configuration, with_value

__all__ = ["ask_kind", "ask_options"]


def ask_kind(configuration: Configuration, person: Person) -> Configuration:
    """Which sensor; a number of the list or a key."""
    keys = list(DEVICES)
    for number, key in enumerate(keys, 1):
        person.tell(f"  {number:>2}  {key:<17} {DEVICES[key].title}")

    def chosen(text: str) -> object:
        key = text.lower()
        if key.isascii() and key.isdigit() and 0 < int(key[:3]) <= len(keys):
            key = keys[int(key[:3]) - 1]
        if key not in DEVICES:
            raise ValueError(f"{text!r} is no sensor of the list; expected its number or its word")
        return key

    question = Question("device.kind", "Which sensor do you have (number or word)", chosen)
    before = configuration.device.kind
    configuration = question.put(configuration, person)
    kind = configuration.device.kind
    if kind in DEVICES:
        for remark in DEVICES[kind].remarks:
            person.tell(f"  Note: {remark}")
    if kind != before:  # what was said of another sensor does not hold for this one
        configuration = with_value(configuration, "device.options", None)
        configuration = with_value(configuration, "device.address", None)
    return configuration


def ask_options(configuration: Configuration, person: Person) -> Configuration:
    """What the sensor's decoder can be told."""
    kind = DEVICES.get(configuration.device.kind or "")
    for name in kind.options if kind else ():
        while kind is not None:
            options = dict(configuration.device.options)
            shown = options.get(name, "as usual")
            answer = person.ask(f"Option {name!r} of this sensor [{shown}]: ").strip()
            if answer == "":
                break
            options.pop(name, None)
            if answer != "-":
                options[name] = answer
            try:
                kind.make_decoder(options)
            except ValueError as error:
                person.tell(f"  {error}")
                continue
            configuration = with_value(configuration, "device.options", options or None)
            break
    return configuration
