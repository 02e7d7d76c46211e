"""Phone numbers as people here write them."""

import phonenumbers


def as_written_here(text: str) -> str | None:
    """A possible number in its national form; None for what is none."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
