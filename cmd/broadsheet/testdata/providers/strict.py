"""Parses letters with Python's e-mail package and prints every defect.

A letter with bytes that are not ASCII in its header is read as RFC 6532 has it;
the parser takes every such address for a defect even then, which is left out.
"""
import email
import email.errors
import email.policy
import sys

not_ascii = (email.errors.NonASCIILocalPartDefect, email.errors.UndecodableBytesDefect)

for path in sys.argv[1:]:
    with open(path, "rb") as file:
        raw = file.read()
    international = not raw.partition(b"\r\n\r\n")[0].isascii()
    policy = email.policy.strict.clone(utf8=international, linesep="\r\n")
    try:
        letter = email.message_from_bytes(raw, policy=policy)
        for part in letter.walk():
            for name, value in part.items():
                for defect in getattr(value, "defects", ()):
                    if international and isinstance(defect, not_ascii):
                        continue
                    print(path, name, repr(defect))
            if not part.is_multipart():
                part.get_content()
        letter.as_bytes()
    except Exception as fault:
        print(path, repr(fault))
