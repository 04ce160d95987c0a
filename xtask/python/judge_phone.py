"""What PyPI's phonenumbers says of many numbers, for `cargo xtask test phone`.

Prints lines of: digits (with `+` in front or not), region or `-`, and the
verdict: `-` where nothing can be read, else country calling code, valid (0/1)
and possible (0/1). The numbers are each region's examples of every type, those
with digits changed, added, removed and with prefixes, and random digits. The
same arguments print the same lines.
"""

import random
import sys

import phonenumbers
from phonenumbers import PhoneNumberType


def verdict(text, region):
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "-"
    valid = phonenumbers.is_valid_number(number)
    possible = phonenumbers.is_possible_number(number)
    return f"{number.country_code} {int(valid)} {int(possible)}"


def mutations(national, rng, times):
    yield national
    for _ in range(times):
        digits = list(national)
        for _ in range(rng.choice((1, 1, 2, 4))):
            digits[rng.randrange(len(digits))] = rng.choice("0123456789")
        yield "".join(digits)
        kept = rng.randrange(len(digits) // 2, len(digits))
        tail = "".join(rng.choice("0123456789") for _ in range(rng.randrange(0, 9)))
        yield "".join(digits[:kept]) + tail


def main():
    times = int(sys.argv[1])
    rng = random.Random(20250)
    if phonenumbers.__version__ != sys.argv[2]:
        sys.exit(f"phonenumbers is {phonenumbers.__version__}, the facts are {sys.argv[2]}")
    out = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        code = phonenumbers.country_code_for_region(region)
        numbers = set()
        for kind in PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None:
                national = phonenumbers.national_significant_number(example)
                numbers.update(mutations(national, rng, times))
        for _ in range(times * 4):
            length = rng.randrange(2, 17)
            numbers.add("".join(rng.choice("0123456789") for _ in range(length)))
        for national in sorted(numbers):
            prefix = rng.choice(("", "", "", "0", "1", "00", "011", "8", str(code), f"00{code}"))
            out.append((prefix + national, region))
            out.append((f"+{code}{national}", "-"))
            if rng.random() < 0.1:
                out.append((f"+{national}", region))
    for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS):
        example = phonenumbers.example_number_for_non_geo_entity(code)
        national = phonenumbers.national_significant_number(example)
        out += [(f"+{code}{number}", "-") for number in mutations(national, rng, times * 4)]
    for text, region in out:
        print(text, region, verdict(text, None if region == "-" else region))


if __name__ == "__main__":
    main()
