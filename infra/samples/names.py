"""Invented people's names from many places, and how a name becomes the front of an address."""

import re
import unicodedata

GIVEN = tuple(
    re.findall(
        r"\S+",
        """
        Ada Aaliyah Amara Amir Ana Anjali Arjun Astrid Ayşe Benedict Bola Carlos Chiara Chloé Dalia
        Daniel Dmitri Elena Elif Emeka Emma Farah Felix Fiona Gabriel Grace Hana Hiroshi Ibrahim
        Imani Ines Isaac Jade Jamal Jin José Juno Kai Keisha Kofi Laila Leilani Liam Linh Lucía
        Malik Mateo Mei Naomi Nikhil Noor Olivia Omar Priya Quinn Rosa Samuel Sefa Soren Talia Tomás
        Wren Yusuf
        """,
    )
)

FAMILY = tuple(
    re.findall(
        r"[^\s,][^,]*(?=,)",
        """
        Abara, Adeyemi, Ahmed, Alvarez, Andersson, Bauer, Begum, Bianchi, Brennan, Castillo, Chen,
        Cho, Cruz, D'Angelo, Danso, De Simoni, Diaz, Dubois, Eze, Farouk, Fischer, Flores, Fonoti,
        García, Gill, Haddad, Hassan, Herrera, Horvath, Ito, Jackson, Jensen, Kahale, Kaur, Khan,
        Kim, Kowalski, Lavoie, Le, Lindqvist, Lopes, Mbeki, McKenna, Mensah, Moreau, Nakamura,
        Nguyen, Novak, Núñez, O'Brien, Okafor, Park, Patel, Petrov, Ramírez, Reyes, Rossi, Sato,
        Schwartz, Singh, Tran, Washington, Yildiz, Zhang,
        """,
    )
)


def slug(name: str) -> str:
    """The name in the plain letters that an address may hold: `De Simoni` is `desimoni`."""
    plain = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^a-z]", "", plain.lower())
