"""The engine's inner loops once more, in C: the same answers, sooner.

`sources` says what is compiled and how, `load` opens the result. Everything here has a form in numpy or scipy
beside it, which is its meaning and which runs where no C compiler was found.
"""
