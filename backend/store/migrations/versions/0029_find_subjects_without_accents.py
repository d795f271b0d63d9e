"""Let accounts be found without accents by index, and subjects without accents as they are read.

The keys are stored: with row-level security no index serves an expression, and folding a subject
takes longer than reading it.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
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
KEYS = {"accounts": ("first_key", "name"), "conversations": ("subject_key", "subject")}


def upgrade() -> None:
    """Both tables are written again once."""
    for table, (key, of) in KEYS.items():
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {key} text NOT NULL GENERATED ALWAYS AS"
            f" (lower(translate({of}, '{ACCENTED}', '{PLAIN}'))) STORED"
        )
    op.create_index(
        "ix_accounts__first_key",
        "accounts",
        ["workspace_id", "first_key"],
        postgresql_ops={"first_key": "text_pattern_ops"},
    )


def downgrade() -> None:
    """Only as they are written."""
    for table, (key, _) in KEYS.items():
        op.drop_column(table, key)
