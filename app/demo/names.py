"""Names by the years in which they were given, and by where families came from. Streets are invented."""

from random import Random

_GIVEN = {
    1950: "Rikie Tonia Nel Corrie Riet Annie Jo Mien Truus Lies Bets Dien Harrie Piet Jan Toon Wim Sjef Cor Gerrit "
    "Frans Jos Tinus Martien Antoon Bert Theo Nelly Sien Door Leo Henk Christ Drika Wilhelmina Koos",
    1965: "Marian Ans Trees Tonnie Willy Lia Els Ine Mariet Jeanne Petra Wilma Ad Peter Harm Kees Rob Huub Fons "
    "Geert Rien Twan Ton Joke Anja Carla Hennie Mieke Thea Gerard Ruud Paul Jacques Noud Margriet Yvonne",
    1980: "Sandra Monique Esther Corina Anita Patricia Ingrid Bianca Wendy Silvia Mark Marcel Erik Jeroen Patrick "
    "Richard Marco Dennis Michel Ronald Edwin Angela Nicole Astrid Linda Miranda Bart Stefan Maarten Heidi",
    1992: "Lisa Kim Laura Sanne Maaike Joyce Femke Anouk Marloes Ilse Tim Bas Rick Niels Joost Koen Stijn Tom "
    "Luuk Roel Daan Wouter Manon Eline Lotte Suzanne Thijs Martijn Sjoerd Renske Inge",
    2100: "Emma Fleur Anne Julia Iris Sophie Eva Lieke Noor Amber Sem Lars Jesse Thomas Bram Max Finn Ruben Milan "
    "Sam Teun Gijs Pien Isa Maud Lynn Evi Jelle Pim Cas",
}
_FAMILY = (
    "van den Broek|Verhoeven|van Dijk|Smits|Jansen|van Gerwen|Kuijpers|van de Ven|Hendriks|Maas|van Hoof|Peeters|"
    "Swinkels|Raaijmakers|van Rooij|Bakker|de Wit|Coolen|Aarts|van der Heijden|Sanders|Vogels|Martens|van Lierop|"
    "Claessens|van Asten|Driessen|Manders|Vos|Koolen|van Mierlo|Adriaans|de Groot|van Bree|Slegers|Meulendijks|"
    "van Happen|Joosten|Kanters|van Kemenade|Donkers|Bogers|Rovers|van Stiphout|Wijnen|Habraken|Goossens|Bekkers"
)
ORIGINS: dict[str, tuple[float, int, str, str]] = {
    # share of adults, bit of the language, given names, family names
    "turkish": (0.024, 16, "Ayşe Fatma Emine Zeynep Elif Hatice Mehmet Mustafa Ahmet Hasan Emre Murat Yusuf Leyla",
                "Yılmaz|Kaya|Demir|Çelik|Aydın|Arslan|Doğan|Koç"),
    "moroccan": (0.02, 32, "Fatima Khadija Naima Samira Amina Hanan Yassin Mohamed Rachid Hassan Karim Said Nadia",
                 "El Amrani|Bouali|Ait Said|Benali|El Idrissi|Haddou|Azzouzi|Chaoui"),
    "polish": (0.02, 64, "Agnieszka Katarzyna Ewa Magda Joanna Piotr Tomasz Marek Paweł Krzysztof Anna Monika",
               "Nowak|Wójcik|Kowalczyk|Lewandowska|Zieliński|Mazur|Wrona|Sikora"),
    "syrian": (0.012, 32, "Rania Hala Maya Lina Omar Khaled Bassel Ahmad Nour Salma Tarek Yara",
               "Al Halabi|Haddad|Khoury|Darwish|Al Masri|Najjar|Sabbagh"),
    "ukrainian": (0.008, 128, "Olena Oksana Iryna Natalia Andrij Serhij Mykola Halyna Tetjana",
                  "Kovalenko|Bondarenko|Tkachenko|Shevchuk|Melnyk"),
    "surinamese": (0.014, 1, "Shanti Anil Radha Ruth Carmen Glenn Ricardo Sheila Stanley Indra Wensley Cynthia",
                   "Ramdin|Soekhram|Pinas|Kartosen|Biharie|Wijngaarde"),
    "eritrean": (0.004, 2048, "Senait Selam Yonas Filmon Tesfay Rahwa Mehret", "Tesfay|Haile|Kidane|Ghebre"),
    "indian": (0.012, 2, "Priya Anjali Divya Rahul Sanjay Meera Arjun Kavita", "Sharma|Iyer|Nair|Patel|Reddy"),
    "chinese": (0.006, 512, "Li Mei Wei Jun Xiu Hong Ming", "Wang|Chen|Zhang|Liu|Huang"),
}  # fmt: skip
STREETS = [
    "Klaproosdreef",
    "Wolkenhof",
    "Zilverwilgpad",
    "Zonnedauwlaan",
    "Koekoeksbloemstraat",
    "Lisdoddehof",
    "Pinksterbloemweg",
    "Mosterdzaadpad",
    "Vlasbloempad",
    "Boekweithof",
    "Wollegraslaan",
    "Veldspaatweg",
    "Dauwdruppelpad",
    "Kamillehof",
    "Regenboogdreef",
    "Spinnerspad",
    "Sterrenkershof",
    "Roosjeslaan",
    "Sleedoornhof",
    "Vuurvliegpad",
    "Herfsttijhof",
    "Nachtvlinderweg",
    "Zandoogjespad",
    "Parelmoerhof",
]
LETTERS = "ABCDEGHJKLMNPRTVWXZ"


def full_name(random: Random, birth_year: int) -> tuple[str, str, int]:
    """First name, last name and the mask of languages, as likely as they are in the region."""
    drawn = random.random() * (1.6 if birth_year < 1958 else 0.85)
    for share, language, given, family in ORIGINS.values():
        drawn -= share
        if drawn < 0:
            return random.choice(given.split()), random.choice(family.split("|")), 1 | language
    given = next(names for until, names in _GIVEN.items() if birth_year < until)
    languages = 1 | (2 if random.random() < 0.3 else 0) | (4 if random.random() < 0.1 else 0)
    return random.choice(given.split()), random.choice(_FAMILY.split("|")), languages


def postcode(random: Random, pc4: int) -> str:
    """A postcode in this neighbourhood, with letters by chance."""
    return f"{pc4} {random.choice(LETTERS)}{random.choice(LETTERS)}"
