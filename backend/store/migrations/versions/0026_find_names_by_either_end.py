"""Let contacts be found by the first and by the last word of their name, without accents, by index.

The keys are stored, because with row-level security no index serves an expression.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ACCENTED = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïñòóôõöøùúûüýþÿĀāĂăĄąĆćĈĉ"
    "ĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗ"
    "ŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžƠơƯưǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǠǡǦǧǨǩǪǫǬǭǰ"
    "ǴǵǸǹǺǻȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚțȞȟȦȧȨȩȪȫȬȭȮȯȰȱȲȳ"
)
PLAIN = (
    "AAAAAAACEEEEIIIINOOOOOOUUUUYTsaaaaaaaceeeeiiiinoooooouuuuytyAaAaAaCcCc"
    "CcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjKkLlLlLlLlNnNnNnOoOoOoOoRrRr"
    "RrSsSsSsSsTtTtUuUuUuUuUuUuWwYyYZzZzZzOoUuAaIiOoUuUuUuUuUuAaAaGgKkOoOoj"
    "GgNnAaAaAaEeEeIiIiOoOoRrRrUuUuSsTtHhAaEeOoOoOoOoYy"
)
TURNED = r"regexp_replace(name, '^(.*\S)\s+(\S+)$', '\2 \1')"
KEYS = {"first_key": "name", "last_key": TURNED}


def upgrade() -> None:
    """Both at once, so that the table is rewritten once."""
    added = ", ".join(
        f"ADD COLUMN {key} text NOT NULL GENERATED ALWAYS AS"
        f" (lower(translate({of}, '{ACCENTED}', '{PLAIN}'))) STORED"
        for key, of in KEYS.items()
    )
    op.execute(f"ALTER TABLE contacts {added}")
    for key in KEYS:
        op.create_index(
            f"ix_contacts__{key}",
            "contacts",
            ["workspace_id", key],
            postgresql_ops={key: "text_pattern_ops"},
        )
    op.drop_index("ix_contacts__name_prefix", "contacts")


def downgrade() -> None:
    """Only by the start of the name, as it is written."""
    op.create_index(
        "ix_contacts__name_prefix",
        "contacts",
        ["workspace_id", "name_key"],
        postgresql_ops={"name_key": "text_pattern_ops"},
    )
    for key in KEYS:
        op.drop_column("contacts", key)
