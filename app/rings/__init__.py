"""Exchange rings (kringen): two to four people who each help the next, when all of them say yes.

`propose` finds and stores them, `answer` is the members' yes or no, `carry_out` turns a ring on which all agree into
ordinary proposals, `service` reads.
"""
