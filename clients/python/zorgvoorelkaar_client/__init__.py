"""A client of the API of ZorgvoorElkaar: methods and types are generated from its description."""

from zorgvoorelkaar_client.api import Api
from zorgvoorelkaar_client.calling import NoAnswer, Problem

__all__ = ["Api", "NoAnswer", "Problem"]
