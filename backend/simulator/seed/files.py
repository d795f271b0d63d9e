"""The attachments of the seeded mail: small, real files of the kinds that travel in business."""

from backend.simulator.mail.composing import File

KINDS = {
    "quote": "Quote-{number}.pdf",
    "invoice": "Invoice-{number}.pdf",
    "plan": "Onboarding-plan.pdf",
    "report": "Energy-report.csv",
    "plans": "Floor plans.pdf",
    "questionnaire": "Security questionnaire.csv",
    "answers": "Security answers.csv",
    "prices": "Price list 2027 draft.csv",
}
CSV = b"Zone,Hours,kWh\r\nHall,412,1830.5\r\nLoading bay,690,911.2\r\nStairs,744,120.9\r\n"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)


def attachment(kind: str, number: str) -> File:
    name = KINDS[kind].format(number=number)
    if name.endswith(".csv"):
        return File(name, "text/csv", CSV)
    return File(name, "application/pdf", pdf(name.removesuffix(".pdf")))


def pdf(title: str) -> bytes:
    """One page with one line on it."""
    shown = title.replace("\\", "").replace("(", "").replace(")", "")
    stream = f"BT /F1 18 Tf 72 760 Td ({shown}) Tj ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(body))
    )
