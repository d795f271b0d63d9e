"""What automatic replies say: subjects and stock sentences, by language.

Separate so that the rules in `detection` stay readable and a new language is a new line. Phrases
are compared without accents, since many of these programs write none; see `plain`. Every run in a
pattern is bounded, so a search is linear in the length of the text.
"""
# ruff: noqa: RUF001 - letters of other alphabets look alike and are meant

import re
import unicodedata

from backend.domain.mail.lazy_pattern import lazy_pattern
from backend.domain.mail.normal_forms import normalized

_OTHER_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ð": "d", "ı": "i"}
    | {"\u2018": "'", "\u2019": "'", "`": "'", "\u00a0": " "}
)


def plain(text: str) -> str:
    """Lower-case letters without accents, for comparing only.

    >>> plain("Réponse AUTOMATIQUE"), plain("İzin")
    ('reponse automatique', 'izin')
    """
    text = text.lower()
    if not text.isascii():
        apart = normalized("NFKD", text)
        text = "".join(char for char in apart if not unicodedata.combining(char))
        text = text.translate(_OTHER_LETTERS)
    return text


def _any(*phrases: str) -> re.Pattern[str]:
    return lazy_pattern("|".join(plain(phrase) for phrase in phrases))


def _stems(words: str) -> tuple[str, ...]:
    return tuple(plain(word) for word in words.split("|"))


AUTO_TITLE = _any(
    r"automatic (?:e-?mail |mail )?(?:reply|response|answer|acknowledge?ment)",
    r"auto(?:mated|matic)?[- ]?(?:reply|repl\b|response|respond\w{0,3}|answer)",
    r"(?:out of (?:the )?office|vacation|absence|holiday) (?:auto[- ]?)?(?:reply|response|notice"
    r"|notification|autoreply|message|alert)",
    r"abwesenheits(?:notiz|nachricht|meldung|mitteilung|assistent|info\w{0,10}|hinweis)",
    r"automati(?:sche|c) (?:antwort|e-?mail-?antwort|beantwortung|ruckmeldung|eingangsbestatigung"
    r"|abwesenheits\w{4,12})|autoantwort|automatisch antwoord|automatisch (?:bericht|antwoord)",
    r"reponse automatique|message (?:automatique )?d'absence|notification d'absence",
    r"respuesta automatica|mensaje automatico|autorespuesta",
    r"risposta automatica|messaggio automatico|resposta automatica|mensagem automatica",
    r"automatisk(?:t)? (?:svar\w{0,10}|melding|besked)|autosvar|franvaro(?:meddelande|besked)"
    r"|fravaers(?:melding|besked)|automaattinen (?:vastaus|poissaolo\w{0,10})|automaatvastus",
    r"automatyczna odpowiedz|odpowiedz automatyczna|autoodpowiedz|automaticka odpoved",
    r"automatikus valasz|raspuns automat|automatski odgovor|samodejni odgovor"
    r"|(?:arpus biroja (?:atrasanas )?)?automatiska atbilde"
    r"|automatinis atsakymas|αυτοματη απαντηση|avtomatski odgovor",
    r"автоматический ответ|автоответ\w{0,5}|автоматична відповідь|автоматичен отговор",
    r"otomatik (?:yanıt|cevap)|balasan otomatis|tra loi tu dong|thu tra loi tu dong",
    r"自動(?:応答|返信|回覆|回复)|自动(?:回复|答复)|자동 ?(?:회신|응답|답장)|ตอบกลับอัตโนมัติ",
    r"(?:מענה|תשובה|תגובה) אוטומטית?|رد تلقائي|الرد التلقائي|الرد الآلي|رد آلي|پاسخ خودکار",
)
"""Subjects that only automatic replies have."""

AWAY_TITLE = _any(
    r"out[- ]of[- ](?:the[- ])?office|ooo\b|away from (?:the |my )?(?:office|mail|desk)",
    r"on (?:vacation|annual leave|holiday|leave)|(?:i am|i'm) (?:away|out)|absence\b",
    r"abwesen(?:d|heit)|urlaub(?:s(?:notiz|meldung|vertretung|nachricht|info))?"
    r"|nicht im (?:buro|haus)|absen(?:ce|t) (?:du|au) bureau",
    r"fuera de (?:la )?oficina|ausencia|ausente|fuori (?:sede|ufficio)|assenza|non in ufficio",
    r"fora do escritorio|ausencia|afwezig\w{0,8}|niet op kantoor|franvaro\w{0,12}",
    r"fravaer\w{0,12}|ikke til stede|poissa\w{0,10}|poza biurem|nieobecn\w{0,8}",
    r"mimo kancelar|nepritomnost|hazon kivul|отсутств\w{0,8}|нет на месте|ofis disinda",
    r"不在|外出|부재",
)
"""Subjects that people write, too: they need a second sign."""

RETURN_TITLE = _any(
    r"^auto: .{1,120}\b(?:returning|is out|will be out|ruckkehr|ausser haus|abwesend|absent|ausente"
    r"|assente|afwezig)|^auto: ?(?:re|aw|sv|fwd?) ?:",
)
IS_AWAY_TITLE = _any(
    r"^.{2,60} (?:is|ist|est|esta) (?:out of (?:the )?office|away|on (?:leave|vacation|holiday)"
    r"|ausser haus|nicht im (?:buro|haus)|abwesend|im urlaub|absente?|en conges?|ausente|fuera)\b"
)
""""X is away", as Notes and others put it: a person may write it of a colleague."""

OF_ITSELF = _any(
    r"this is an auto(?:mated|matic|matically generated)[- ](?:e-?mail |mail )?(?:reply|response"
    r"|answer|message|e-?mail|mail|acknowledge?ment|notification|confirmation)",
    r"(?:this|the) (?:e-?mail|message|reply|response|mail|notification) (?:is|was|has been)"
    r" (?:(?:sent|generated|created|produced) automatically"
    r"|automatically (?:sent|generated|created|produced))",
    r"(?:this is an? )?(?:auto(?:matically|-)[- ]?generated|computer[- ]generated)"
    r" (?:e-?mail|message|reply|response|mail|acknowledge?ment)",
    r"diese (?:e-?mail|mail|nachricht|antwort) (?:wurde|wird|ist) (?:\w{1,12} )?automati(?:sch|on)",
    r"dies(?:e[rs]?)? (?:ist|handelt sich um) eine? automatische?\w? ?(?:\w{1,12} )?(?:antwort"
    r"|e-?mail"
    r"|nachricht|mail|mitteilung|bestatigung)|automatisch (?:generierte|erstellte|erzeugte"
    r"|versandte)",
    r"(?:ceci est|il s'agit d') ?(?:un|une) (?:message|reponse|e-?mail|courriel|mail) automatique",
    r"(?:message|e-?mail|courriel|mail|reponse) (?:a ete |est )?(?:genere"
    r"|envoye)e? automatiquement",
    r"est[ea] es una? (?:mensaje|respuesta|correo)(?: electronico)? automatic",
    r"(?:mensaje|correo|respuesta)(?: electronico)? (?:ha sido |fue )?(?:generad|enviad)[oa]"
    r" automaticamente|quest[oa] e un[a']? ?(?:messaggio|risposta|e-?mail) automatic",
    r"(?:messaggio|risposta|e-?mail) (?:e stat[oa] )?(?:generat|inviat)[oa] automaticamente",
    r"est[ea] e uma? (?:mensagem|resposta|e-?mail) automatic",
    r"(?:mensagem|e-?mail|resposta) (?:foi )?(?:gerad|enviad)[oa] automaticamente",
    r"dit is een automati(?:sch|sche) ?(?:gegenereerd )?(?:\w{1,12} )?(?:bericht|antwoord|e-?mail"
    r"|mail)",
    r"(?:deze|dit) (?:e-?mail|bericht) (?:is|wordt) automatisch",
    r"d(?:etta|ette) (?:ar|er) (?:ett?|en) automatisk\w? (?:\w{1,12} )?(?:svar|meddelande|melding"
    r"|besked|e-?post|e-?mail|mail)|tama on automaattinen",
    r"to jest automatyczn\w (?:odpowiedz|wiadomosc)|wiadomosc (?:zostala )?wygenerowana"
    r" automatycznie|toto je automatick\w|ez egy automatikus|acesta este un (?:mesaj"
    r"|raspuns) automat",
    r"это автоматическ\w{2,3} (?:ответ|сообщение|письмо|уведомление)"
    r"|(?:письмо|сообщение) (?:было )?(?:сформировано|отправлено|создано) автоматически"
    r"|це автоматичн\w{1,3} (?:відповідь|повідомлення|лист)",
    r"bu (?:e-?posta|mesaj|ileti|bir)? ?otomatik (?:olarak|bir|yanit|mesaj)",
    r"自動(?:送信|返信|応答|配信)(?:に|で|され|メール|して)|自動的に(?:送信|返信)",
    r"(?:系统|系統)(?:自动|自動)|自动(?:发送|发出|生成|回复)的?(?:邮件|郵件)?|自動(?:發送|發出"
    r"|回覆)",
    r"자동(?:으로)? ?(?:발송|생성|전송)|발신 ?전용|ini adalah (?:balasan|pesan|e-?mail) otomatis",
    r"day la (?:thu|e-?mail|tin nhan) (?:tra loi )?tu dong|(?:הודעה|תשובה) (?:זו )?אוטומטית",
    r"(?:رسالة|رد) (?:آلية|آلي|تلقائية|تلقائي)",
)
"""Sentences in which a machine says that it is one."""

OF_ITSELF_STEMS = _stems(
    "auto|generated|автомат|otomati|自動|自动|자동|발신|tu dong|אוטומטי|آلي|تلقائي"
)
"""Every such sentence contains one of these: a cheap check that spares most mail the search."""

AWAY = (
    _any(
        r"\b(?:i am|i'm|i will be|i'll be|am|currently|is"
        r"|will be) (?:\w{1,12} ){0,2}(?:out of (?:the )?office"
        r"|on (?:\w{1,12} ){0,2}(?:leave|vacation|holidays?)"
        r"|away (?:from|until|till|on|this|for|at)|not (?:in|at) the office|out of town"
        r"|travell?ing|unavailable)",
        r"\bich bin (?:[\w.]{1,12} ){0,8}(?:nicht (?:im|am)|abwesend|im urlaub|in elternzeit"
        r"|ausser haus)"
        r"|(?:derzeit|zur zeit|momentan) (?:\w{1,12} ){0,3}(?:abwesend|nicht im (?:buro|haus))",
        r"je (?:suis|serai) (?:\w{1,14} ){0,3}(?:absent|en (?:conges?|vacances|deplacement))",
        r"(?:estoy|estare|me encuentro) (?:\w{1,14} ){0,2}(?:fuera|ausente|de vacaciones)",
        r"(?:sono|saro) (?:\w{1,14} ){0,3}(?:fuori|assente|in ferie)",
        r"(?:estou|estarei) (?:\w{1,14} ){0,3}(?:fora|ausente|de ferias)",
        r"ik ben (?:[\w.]{1,12} ){0,6}(?:afwezig|niet (?:op kantoor|aanwezig|bereikbaar)"
        r"|met vakantie)",
        r"jag ar (?:\w{1,12} ){0,3}(?:franvarande|pa semester|ledig|inte pa kontoret)",
        r"jeg er (?:\w{1,12} ){0,3}(?:ikke (?:pa|til)|pa ferie|fravaerende|bortrejst"
        r"|ute av kontoret)",
        r"olen (?:\w{1,14} ){0,3}(?:lomalla|poissa)|jestem (?:\w{1,14} ){0,3}(?:nieobecn"
        r"|na urlopie)",
        r"(?:меня (?:нет|не будет)|я (?:\w{1,12} ){0,2}(?:в отпуске|отсутствую))",
        r"休暇|不在(?:に|で|と)|休假|外出中|出差|부재 ?중|휴가",
    ),
    _any(
        r"\b(?:will )?(?:return(?:ing)?|be back|back in the office|back on)\b|\buntil\b",
        r"\bbis (?:zum |einschliesslich )?\d|wieder (?:im|erreichbar|fur sie|da)|jusqu'au"
        r"|de retour",
        r"hasta el|regreso|regresare|fino al|rientro|rientrero|ate (?:o dia|dia|ao)|retorno|weer "
        r"(?:aanwezig|bereikbaar|op kantoor)|\btot (?:en met )?\d|tillbaka|tilbage|tilbake"
        r"|takaisin",
        r"\bdo (?:dnia )?\d|wracam|вернусь|\bдо \d|まで|より出社|回来|返回|까지|복귀",
    ),
    _any(
        r"(?:if|for|in case of|in) [^.\n]{0,60}urgent|urgent (?:matter|issue|request|enquir"
        r"|inquir|quer)"
        r"|in my absence|(?:immediate|urgent) (?:assistance|attention|help)",
        r"dringende|in meiner abwesenheit|meine vertretung|en mon absence|en cas d'urgence"
        r"|urgences?\b",
        r"asuntos? urgente|casos? (?:de )?urgen|in mia assenza|per urgenze|na minha ausencia",
        r"dringende|bij (?:spoed|dringende)|vid bradskande|ved hastesager|kiireellis"
        r"|w pilnych sprawach",
        r"срочн|緊急|お急ぎ|紧急|緊急|긴급",
    ),
    _any(
        r"(?:limited|no|intermittent|little|\[no\]|without) access to (?:my )?(?:\w{1,8} )?e-?mail"
        r"|not (?:be )?(?:checking|reading) (?:my )?e-?mail",
        r"nicht (?:weitergeleitet|gelesen)|keinen? zugriff auf|pas acces a (?:ma"
        r"|mes) (?:messagerie|mails?)",
        r"acceso limitado|accesso limitato|acesso limitado|beperkt(?:e)? toegang"
        r"|begransad tillgang",
    ),
    _any(
        r"(?:respond|reply|answer|deal with|get back)[^.\n]{0,60}(?:up)?on my return"
        r"|when i (?:return"
        r"|get back|am back)|as soon as i (?:return|am back|get back)",
        r"nach meiner ruckkehr|a mon retour|a mi (?:regreso|vuelta)|al mio (?:rientro|ritorno)"
        r"|no meu (?:retorno|regresso)|bij (?:mijn )?terugkomst|nar jag (?:ar|kommer) tillbaka"
        r"|nar jeg er til|po powrocie|по возвращени",
    ),
)
"""The parts of an absence note: away, until when, what is urgent, no mail read, answers later."""

AWAY_STEMS = _stems(
    "office|leave|vacation|holiday|away|out of town|unavailable|abwesend|urlaub|nicht im|nicht am"
    "|elternzeit|haus|absent|conge|vacances|deplacement|fuera|ausente|fuori|assente|ferie|fora"
    "|de ferias|afwezig|kantoor|aanwezig|bereikbaar|vakantie|franvar|semester|ledig|ikke|fravaer"
    "|bortrejst|lomalla|poissa|nieobecn|urlop|не будет|меня нет|отпуск|отсутств|休暇|不在|休假"
    "|外出中|出差|부재|휴가"
)
"""Every sentence that says who is away contains one of these."""

RECEIVED = (
    _any(
        r"(?:we have|we've|has been|was) (?:\w{1,14} ){0,2}(?:received|created|opened|logged"
        r"|registered"
        r"|assigned)|acknowledge (?:the )?receipt|confirm(?:s|ing)? (?:the )?receipt",
        r"(?:anfrage|nachricht|e-?mail|mail|ticket|schreiben)[^.\n]{0,40} (?:erhalten|eingegangen"
        r"|erstellt"
        r"|aufgenommen)|avons bien recu|bien ete (?:recue?|enregistree?)|hemos recibido"
        r"|ha sido (?:recibid"
        r"|registrad|cread)|abbiamo ricevuto|recebemos|foi (?:recebid|registrad|criad)",
        r"hebben (?:uw|je) [^.\n]{0,30}(?:ontvangen|geregistreerd)|har (?:mottagit|modtaget"
        r"|mottatt)"
        r"|otrzymalismy|zostalo (?:przyjete|zarejestrowane)|получили ваш|(?:принят"
        r"|зарегистрирован)[оа]?\b",
        r"受け付けました|受付いたしました|受付完了|已收到|접수되었|접수 되었",
    ),
    _any(
        r"(?:ticket|case|request|reference|incident|support|issue) ?(?:id|no\.?|number|nr\.?"
        r"|#)? ?(?:is|:|#)"
        r" ?[\[#(]?[a-z]{0,6}[-#]?\d{2,}|\[[a-z #:]{0,20}#? ?[a-z]{0,5}-?\d{3,}\]|\(#\d{3,}\)",
        r"(?:ticket|vorgangs|fall|bearbeitungs|referenz)-?(?:nummer|nr\.?|id)|numero de (?:ticket"
        r"|dossier"
        r"|caso|solicitud|chamado|protocolo)|numero (?:di )?(?:ticket|pratica)|ticketnummer"
        r"|numer (?:zgloszenia|sprawy)|номер (?:заявки|обращения)|受付番号|お問い合わせ番号|工单"
        r"|접수번호",
    ),
    _any(
        r"(?:will|shall) (?:\w{1,12} ){0,3}(?:get back|respond|reply|be in touch|contact you"
        r"|follow up"
        r"|answer)[^.\n]{0,60}(?:soon|within|shortly|possible|hours|days)",
        r"within (?:\w{1,8} )?(?:\d{1,2}|one|two|three) (?:\w{1,9} )?(?:hours|days|working"
        r"|business)",
        r"(?:schnellstmoglich|umgehend|so schnell wie moglich|in kurze"
        r"|zeitnah)[^.\n]{0,60}(?:melden"
        r"|beantworten|bearbeiten|antwort|kummern|bei ihnen)|(?:melden|beantworten)[^.\n]{0,40}"
        r"(?:schnellstmoglich|umgehend)|dans les (?:meilleurs|plus brefs) delais"
        r"|sous \d{1,2} ?(?:h|jours)",
        r"(?:lo|a la mayor|en) (?:antes posible|brevedad)|nel piu breve|al piu presto|o mais breve"
        r"|em breve|zo snel mogelijk|binnen \d{1,2} (?:uur|werkdagen)|sa snart som mojligt"
        r"|hurtigst muligt|jak najszybciej|в ближайшее время|в течение \d|担当者(?:より|から)|尽快",
    ),
    _any(
        r"thank(?:s| you) for (?:contacting|your (?:e-?mail|message|enquiry|inquiry|request"
        r"|submission)"
        r"|getting in touch|reaching out|writing)|vielen dank fur ihre (?:anfrage|nachricht"
        r"|e-?mail|mail)"
        r"|merci de nous avoir|nous vous remercions de (?:votre|nous)|gracias por (?:contactar|su"
        r"|comunicar)"
        r"|grazie per (?:averci|aver|la)|obrigad[oa] por|bedankt voor (?:uw|je)|tack for dit"
        r"|tak for din"
        r"|dziekujemy za|спасибо за (?:ваш|обращение)|お問い合わせ(?:いただき|ありがとう)|感谢您",
    ),
    _any(
        r"(?:do|please) not (?:directly )?(?:reply|respond) to this|not monitored|unmonitored"
        r"|nicht auf diese (?:e-?mail|mail|nachricht)|ne pas repondre|no (?:responda|conteste)"
        r"|non rispondere|nao responda|niet (?:te )?(?:beantwoorden|reageren)|svar inte pa"
        r"|prosimy nie odpowiadac|не отвечайте|返信(?:いただ|でき|しない|は)|请勿回复|請勿回覆"
        r"|회신하지",
    ),
)
"""The parts of an acknowledgement: received, a number, soon, thanks, no answers to this address."""

CHALLENGE = _any(
    r"requires? (?:that you )?verif(?:y|ication)[^.]{0,120}(?:human|sender|not spam)",
    r"(?:account|mailbox|address) is protected by [^.\n]{1,60}"
    r"(?:\.|\n)[^@]{0,120}(?:click|confirm|verify)",
    r"to (?:confirm|verify|prove) (?:that )?you are (?:a )?(?:human|real|legitimate|not a)",
)
"""A filter that asks the sender to prove that they are human."""

CHALLENGE_STEMS = ("verif", "confirm", "prove", "protected by")
"""Every such demand contains one of these."""
