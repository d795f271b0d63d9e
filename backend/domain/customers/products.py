"""Recognises the product that wrote a customer list by column names that only it uses."""

from collections.abc import Iterable
from enum import StrEnum

from backend.domain.customers.columns import Column, plain_name


class Product(StrEnum):
    """The product that wrote a list. The value is the name shown to people."""

    RAPPORT = "Rapport"
    HUBSPOT = "HubSpot"
    SALESFORCE = "Salesforce"
    PIPEDRIVE = "Pipedrive"
    GOOGLE = "Google Contacts"
    OUTLOOK = "Outlook"
    OTHER = "a spreadsheet"


_TELLING: tuple[tuple[Product, frozenset[str]], ...] = (
    (Product.GOOGLE, frozenset({"email1value", "phoneticfirstname", "groupmembership"})),
    (Product.OUTLOOK, frozenset({"emaildisplayname", "emailtype", "email2anzeigename"})),
    (Product.SALESFORCE, frozenset({"hasoptedoutofemail", "emailoptout", "accountinhaber"})),
    (Product.HUBSPOT, frozenset({"recordid", "companyid", "datensatzid", "associatedcompany"})),
    (Product.SALESFORCE, frozenset({"accountowner", "accountid", "kontaktinhaber"})),
)
"""Columns that only one product writes, the surest first."""

_OURS = frozenset(plain_name(column) for column in Column)
_PIPEDRIVE = ("person", "organization")


def product_of(names: Iterable[str]) -> Product:
    """The product whose export has this first line.

    >>> product_of(["Record ID", "First Name", "Email"]), product_of(["Person - Name"])
    (<Product.HUBSPOT: 'HubSpot'>, <Product.PIPEDRIVE: 'Pipedrive'>)
    """
    given = [one.strip() for one in names if one.strip()]
    plain = {plain_name(one) for one in given}
    if {"account", "knownsince"} <= plain <= _OURS:
        return Product.RAPPORT
    if any(plain_name(one.partition(" - ")[0]) in _PIPEDRIVE for one in given if " - " in one):
        return Product.PIPEDRIVE
    found = (product for product, telling in _TELLING if plain & telling)
    return next(found, Product.OTHER)
