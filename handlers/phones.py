"""Phone numbers as people here write them."""

import phonenumbers


def as_written_here(text: str) -> str | None:
    """A possible number as one dials it from here, one from abroad with its country; None for what is none."""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    is_ours = number.country_code == phonenumbers.country_code_for_region("VN")
    form = phonenumbers.PhoneNumberFormat.NATIONAL if is_ours else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form))


def number_in(text: str) -> str | None:
    """The first number in what somebody wrote: "gọi tôi 0912 345 678 nhé" is an answer too. One digit over and over is none."""
    found = next(
        (match.raw_string for match in phonenumbers.PhoneNumberMatcher(text[:200], "VN", leniency=phonenumbers.Leniency.POSSIBLE)), text
    )
    number = as_written_here(found)
    return number if number and len({sign for sign in number if sign.isdigit()}) > 2 else None
