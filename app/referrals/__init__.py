"""Referrals (verwijzingen): somebody who knows a person asks the desk or an organisation to go on from there."""
