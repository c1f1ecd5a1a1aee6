"""Verifies every DKIM signature of letters with dkimpy.

Arguments: a file of TXT records ("name value" a line), then letters. Prints for
each letter a line of "ok" or "bad", one word for each signature.
"""
import sys

import dkim

records = {}
for line in open(sys.argv[1], encoding="ascii"):
    name, _, value = line.strip().partition(" ")
    records[name.encode() + b"."] = value.encode()

for path in sys.argv[2:]:
    with open(path, "rb") as file:
        letter = file.read()
    verifier = dkim.DKIM(letter, minkey=1024)
    signatures = sum(1 for name, _ in verifier.headers if name.lower() == b"dkim-signature")
    words = []
    for i in range(signatures):
        try:
            good = verifier.verify(i, dnsfunc=lambda name, timeout=5: records.get(name))
        except dkim.DKIMException as fault:
            print(path, fault, file=sys.stderr)
            good = False
        words.append("ok" if good else "bad")
    print(*words)
