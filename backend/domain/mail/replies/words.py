"""Words that mail programs write around a quote, by language: data for the rules beside it.

Separate so that the rules stay readable and a new language is one new word in each list. Every list
becomes one pattern without nested repetition.
"""
# ruff: noqa: RUF001 - letters of other alphabets look alike and are meant

import re

# "On … Mia wrote:": the verb, as the programs of that language put it.
WROTE = (
    "wrote|writes|sent|said|schrieb|geschrieben|écrit|ecrit|escribió|escribio|scritto"
    "|scrisse|escreveu|schreef|geschreven|skrev|kirjoitti|napisał|napisała|napisał(a)|pisze"
    "|napsal|napsala|napsal(a)|napísal|napísala|napísal(a)|написал|написала|написал(а)"
    "|пишет|пише|написав|написа|писал|írta|yazdı|scris|έγραψε|viết|menulis|כתב|כתבה|كتب"
    "|napisao|napisala|rašė|rakstīja|kirjutas|escriure|نوشت|写道|寫道|写到|写入"
    "|さんは書きました|書きました|작성|썼습니다"
    "|เขียนว่า|كتب/كتبت|كتبت|napisana"
)
# How such a line begins when not with a date or a name.
LEAD = (
    "On|Am|Le|El|Il|Em|Op|Den|Dne|Dnia|W dniu|På|Vào|Στις|In data|At|Dana|Pada|La|Kl|Pe|Ter"
    "|Wiadomość napisana przez"
    "|Fra|Dňa|A|Az|Vom|In|No dia|No|En|在|于|於|في|المؤرخ|בתאריך|ב-|Le jour"
)
WEEKDAY = (
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|jeu|jue|ven|vie|sam"
    r"|sáb|sab"
    r"|dim|dom|seg|ter|qua|qui|sex|ma|wo|vr|za|zo|mån|tis|ons|tor|tors|fre|lör|sön|tir|lør"
    r"|søn|man"
    r"|pon|wt|śr|czw|pt|niedz|po|út|st|čt|pá|ne|пн|вт|ср|чт|пт|сб|вс|нд|понедельник|вторник|среда"
    r"|четверг|пятница|суббота|воскресенье|pe|ke|to|la|su|ti)"
)
# Labels of a header block, by meaning. Compared in lower case.
LABELS = {
    "from": (
        "from|від кого|šalje|отправитель|expeditorul|送信元|von|de|da|van|från|fra|lähettäjä|od"
        "|από|от|от кого|від|feladó|kimden|gönderen|发件人"
        "|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|từ|dari|מאת|من|expéditeur"
        "|remitente|mittente|remetente"
        "|afzender|avsändare|afsender|avsender|nadawca|odesílatel|odosielateľ|expeditor|de la"
        "|pošiljatelj|message du|von meinem|saatja|nuo|no"
    ),
    "date": (
        "date|dată|päivämäärä|日付|sent|datum|gesendet|envoyé|envoyé le|envoye|fecha|enviado"
        "|enviado el|enviada em"
        "|enviado em|enviada|data|inviato|data invio|verzonden|skickat|sendt|dato|lähetetty"
        "|päiväys|pvm|wysłano|wysłane|odesláno|dátum|elküldve|дата|отправлено|надіслано|tarih"
        "|gönderildi|gönderme tarihi|日期|发送时间|發送時間|传送时间|寄件日期|日時"
        "|送信日時|送信日|날짜|보낸 날짜|보낸날짜|ngày"
        "|đã gửi|gönderilen|відправлено|odoslané"
        "|trimis|ημερομηνία|στάλθηκε|dikirim|tanggal|תאריך|نشر"
    ),
    "to": (
        "to|prima|pre|送信先|adresat|получатель|an|à|a|para|aan|till|til|vastaanottaja|do|komu"
        "|προς|кому|címzett|kime|收件人"
        "|收件者|宛先"
        "|받는 사람|받는사람|đến|tới|kepada|către|pentru|אל|إلى|destinataire|destinatario"
        "|destinatário"
        "|per|za|adressat"
    ),
    "subject": (
        "subject|naslov|subiectul|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe"
        "|temat|předmět"
        "|predmet|θέμα|тема|tárgy|konu|主题|主旨|主題|件名|제목|chủ đề|tiêu đề|subiect"
        "|perihal|subjek"
        "|נושא|الموضوع|sujet"
    ),
    "other": (
        "cc|bcc|másolat|másolatot kap|bilgi|kópia|kopie|copie à|copie|kopia|kopio|kopi|copia|dw"
        "|копия|копія|抄送|副本|참조|reply-to"
        "|reply to|risposta|antwort an|répondre à|responder a|importance|wichtigkeit|priority"
        "|attachments|anlagen|pièces jointes"
    ),
}
# "-----Original Message-----": the text between the dashes.
ORIGINAL = (
    "original message|reply message|original mail|original email|ursprüngliche nachricht"
    "|originalnachricht|antwort nachricht|original-nachricht|message d'origine"
    "|message original|message initial|mensaje original|messaggio originale"
    "|mensagem original|oorspronkelijk bericht|oorspronkelijke bericht|originele bericht"
    "|ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|oprindelig besked"
    "|original besked|opprinnelig melding|alkuperäinen viesti|oryginalna wiadomość"
    "|wiadomość oryginalna|původní zpráva|původní email|исходное сообщение"
    "|оригинальное сообщение|оригінальне повідомлення|eredeti üzenet|orijinal mesaj"
    "|özgün ileti|mesaj original|αρχικό μήνυμα|原始邮件|原始郵件|原始訊息|元のメッセージ"
    "|オリジナルメッセージ|원본 메시지"
    "|원본 메일|thư gốc|tin nhắn gốc|pesan asli|message from"
)
FORWARDED = (
    "forwarded message|forwarded mail|mail transféré|e-mail transféré|forwarded by"
    "|weitergeleitete nachricht"
    "|weitergeleitete e-mail|message transféré|message transmis|mensaje reenviado"
    "|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht"
    "|vidarebefordrat meddelande|videresendt meddelelse|videresendt besked"
    "|videresendt melding|välitetty viesti|przekazana wiadomość|přeposlaná zpráva"
    "|preposlaná správa|пересылаемое сообщение|пересланное сообщение|переслане повідомлення"
    "|továbbított üzenet|továbbított levél|iletilmiş mesaj|yönlendirilmiş ileti"
    "|mesaj redirecționat|προωθημένο μήνυμα|转发邮件|轉寄郵件|转发的邮件|轉寄的郵件"
    "|転送メッセージ|전달된 메시지|전달된 메일"
    "|thư đã chuyển tiếp|pesan terusan|proslijeđena poruka|edelleenlähetetty viesti"
    "|wiadomość przesłana dalej|treść przekazanej wiadomości|mensagem reencaminhada"
    "|перенаправленное сообщение|перенаправлене повідомлення|メッセージを転送|message réexpédié"
    "|İletilen İleti|İletilmiş Mesaj"
)
BEGIN_FORWARD = (
    "begin forwarded message|forwarded message(?=\\s*:)"
    "|anfang der weitergeleiteten (?:nachricht|e-mail)"
    "|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado"
    "|inizio (?:del )?messaggio inoltrato|início da mensagem (?:reencaminhada|encaminhada)"
    "|begin doorgestuurd bericht|vidarebefordrat brev|start på videresendt besked"
    "|videresendt brev"
    "|videresendt melding|välitetty viesti alkaa|początek przekazywanej wiadomości"
    "|začátek přeposílané zprávy|начало переадресованного сообщения"
    "|początek przekazanej wiadomości|下面是被转发的邮件|以下是轉寄的郵件|転送されたメッセージ"
    "|전달된 메시지 시작|iletilen ileti başlangıcı|İleti başlangıcı|započni proslijeđenu poruku"
    "|továbbított levél kezdete|începe mesajul redirecționat|začiatok preposlanej správy"
    "|vidarebefordrat mejl|початок листа, що пересилається"
)
# "Sent from my iPhone": how the line begins, then what it may be sent from.
SENT_FROM = (
    r"sent (?:from|via|with|by|using)|from my|gesendet (?:von|mit|über)"
    r""
    r"|envoyé (?:de|depuis|à partir|avec|via)|enviado (?:desde|do|de|a partir|via|con|com|pelo)"
    r"|inviato (?:da|dal|con|tramite)|verzonden (?:vanaf|vanuit|met|via|van)"
    r"|verstuurd (?:vanaf|met)"
    r"|skickat från|skickades från|sendt fra|lähetetty|wysłan[eoya]+ (?:z|przy)|odesláno z"
    r"|odoslané z"
    r"|отправлено (?:с|из)|надіслано з|gönderen:|.{0,30}(?:tarafından|ile) gönderildi"
    r"|elküldve|trimis de pe|發自我的|从我的"
    r"|從我的|发自我的"
    r"|iphoneから|ipadから|나의 .{0,20}에서|dikirim dari|gửi từ"
)
# Lines with the device in the middle.
SENT_WHOLE = (
    r"von meinem .{1,40}gesendet|diese nachricht wurde von .{1,80}gesendet"
    r"|.{1,40} gönderildi|(?:iphone|ipad|android)から(?:送信)?|나의 .{1,20}에서 보냄"
    r"|[發发從从]我的 ?.{1,20}(?:傳送|发送|發送|发出)"
    r"|أُ?رسلت من .{1,20}|az .{1,20}(?:r[oó]l|r[oöő]l) küldve"
)
DEVICE = (
    r"iphone|ipad|ipod|apple|blackberry|android|phone|handy|mobil|cell|samsung|galaxy|htc"
    r"|nokia|lg\b"
    r"|windows|outlook|mail\b|e-?mail|gmail|yahoo|tablet|device|huawei|xiaomi|pixel|mailbox"
    r"|typeapp"
    r"|airmail|spark|proton|boxer|k-9|telefon|téléphone|smartphone|mac\b|surface|sony|xperia"
    r"|motorola"
    r"|oneplus|nexus|acompli|newton|thunderbird|aqua|bluemail|wiko|alcatel|zimbra|傳送"
    r"|发送|送信|mi\b"
)


# Direction marks appear between any two words; digits have several forms.
_READ_AS = str.maketrans(
    dict.fromkeys(map(chr, (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
)


def read_as(line: str) -> str:
    """A line without direction marks, its digits in ASCII.

    >>> read_as("\u200e\u0662\u0660\u0662\u0666")
    '2026'
    """
    return line if line.isascii() else line.translate(_READ_AS)


def any_word(words: str) -> str:
    """An alternation of literal words, longest first so that none hides a longer one."""
    return "|".join(re.escape(word) for word in sorted(words.split("|"), key=len, reverse=True))
