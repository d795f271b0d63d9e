"""How mail systems say it: the phrases behind the rules on bounces, in the languages seen.

Separate so that the rules stay readable and a new phrase is one new line. Each phrase is a regular
expression without nested repetition; all are searched without regard to case.
"""

import re

from backend.domain.mail.lazy_pattern import lazy_pattern


def _any(*phrases: str) -> re.Pattern[str]:
    return lazy_pattern("|".join(phrases), re.IGNORECASE)


DAEMON = _any(
    r"mailer[-_. ]?daemon",
    r"post_?master",
    r"mail[-_ ]?daemon",
    r"mdaemon",
    r"mail ?deliver",
    r"delivery ?(?:sub)?system",
    r"mail ?administrator",
    r"\bbounces?\b",
    r"mail system",
    r"smtp gateway",
    r"mmdf",
    r"microsoftexchange[0-9a-f]{4}",
)
STRONG_DAEMON = _any(
    r"mailer[-_. ]?daemon",
    r"post_?master",
    r"mail delivery (?:sub)?system",
    r"microsoftexchange[0-9a-f]{4}",
)

SUBJECT = _any(
    r"undeliver",
    r"non-?deliver",
    r"return(?:ed)? (?:e-?)?(?:mail|message|to sender)",
    r"fail\w* notice",
    r"(?:mail|message|delivery)\b.{0,40}\b(?:fail|error|problem|reject|bounce|delay|undeliver)",
    r"(?:fail|error|problem)\w*\b.{0,40}\bdeliver",
    r"deliver\w*[ -].{0,20}(?:status|notif|report)",
    r"\bbounced?\b",
    r"user unknown",
    r"^warning: ",
    r"could ?n[o']t (?:be deliver|send)",
    r"not delivered",
    r"mailbox (?:full|error)",
    r"errors from \S+\[|processing error|failed mail|error during delivery|not accepted",
    r"unzustellbar",
    r"nicht (?:zugestellt|übermittelt)",
    r"non remis",
    r"échec",
    r"no (?:se ha )?entregad",
    r"mancato recapito",
    r"não entregue",
    r"недоставлен",
    r"не доставлен",
    r"送信でき",
    r"配信",
    r"エラー",
    r"退信|未送达|未送達|投递失败|无法送达|无法投递|邮件发送失败|無法傳遞|반송|전송 실패|배달되지",
    r"no se puede entregar|niedostarczaln|message you sent (?:was )?(?:blocked|rejected)",
    r"onbestelbaar|olevererbar|kunde inte levereras|ikke leveres|teslim edilemedi|nie dostarczon",
    r"non recapitabile|não (?:foi )?entregue|impossible de remettre|no se pudo entregar",
)

FAILED = _any(
    r"(?:could|can|was|did|were) ?(?:not|n['\u2019]t) (?:be )?(?:able to )?(?:deliver|sen[dt]"
    r"|complete|reach|relay)",
    r"cannot (?:be )?(?:deliver|sen[dt])",
    r"undeliver",
    r"not (?:been )?delivered",
    r"deliver\w*\b[^.\n]{0,60}\b(?:fail|error|problem|impossible|unsuccessful|abort)",
    r"(?:fail|error|problem)\w*\b[^.\n]{0,60}\bdeliver",
    r"return(?:ed|ing) (?:to sender|(?:your )?(?:mail|message))",
    r"unable to (?:deliver|send|relay|transmit)",
    r"reject|bounced|giving up|aborted|refused|blocked|abgelehnt|abgewiesen|refusée?\b|rechazad"
    r"|rifiutat|geweigerd|recusad|odrzucon|отклонен",
    r"fatal error|malformed address|failed addresses|failure reasons",
    r"error has occurred|encountered an error",
    r"(?:did|do|does|could|was|were|has|have|is|are) not (?:get|got|receive|accept|arriv|tak)",
    r"(?:user|recipient|host|address|mailbox|account)\b[^.\n]{0,30}\b(?:unknown|invalid"
    r"|disabled|full)",
    r"(?:unknown|invalid|bad|no such) (?:final |local )?(?:user|recipient|host|address|mailbox"
    r"|delivery)",
    r"mailbox\b[^.\n]{0,30}\b(?:unavailable|not found|exceed)",
    r"over ?quota|quota exceeded|does not like recipient",
    r"(?<![\d.])5\d\d[ -]|(?<![\d.])5\.\d{1,3}\.\d{1,3}",
    r"not listed in|no valid recipients|deferred: ",
    r"nicht (?:an [^\n]{1,100} )?zugestellt|unzustellbar|konnte nicht|blocked by",
    r"n['\u2019]a (?:pas )?(?:pu|été)|non remis|échec",
    r"no se (?:pudo|ha podido)|no ha podido",
    r"non è stato|impossibile",
    r"não (?:foi|pôde)",
    r"не удалось|не был\w? доставлен|не доставлен",
    r"送信でき|配信でき|届け|見つかり|一杯|エラー|リストにありません",
    r"无法(?:投递|送达|发送|到达)|投递失败|发送失败|退信|無法(?:投遞|傳遞|送達|傳送)",
    r"전송(?:하지| 실패)|배달(?:되지|하지| 실패)|не может быть доставлен|teslim edilemedi"
    r"|kunde inte levereras|kunne ikke leveres|kon niet worden (?:bezorgd|afgeleverd)"
    r"|nie (?:mogła|można)[^.\n]{0,20}dostar",
)

DELAYED = _any(
    r"will (?:keep|continue) (?:on )?(?:try|retry|attempt|to (?:try|attempt|be (?:re)?tried))",
    r"will be retried|delivery attempts will continue"
    r"|attempts to deliver\b[^.\n]{0,40}will continue",
    r"still (?:be|being) (?:re)?tried|still undelivered after",
    r"(?:message|mail|delivery)\b[^.\n]{0,60}\b(?:delayed|deferred)\b",
    r"not (?:yet been|been) delivered[^.\n]{0,40}\b(?:yet|so far)|not yet been delivered",
    r"do not need to resend|no action is required on your part",
    r"could not send message for past|could not yet be delivered",
    r"(?<!delivery )temporarily suspended|this is (?:just )?a warning message only",
    r"delivery (?:delay|of \S+ is delayed)|wird weiter versucht",
)
DELAYED_SUBJECT = _any(r"\bdelay", r"warning: (?:could not send|message)")

# About us, whatever else is said: the address of the sender is refused.
SENDER = _any(
    r"(?:tak|accept|want|allow|receiv)\w{0,3} (?:no|any|not any) (?:e-?mail|mail|message)s? from",
    r"(?:do|does|did|will) not (?:accept|take|want|allow|receive) (?:any )?"
    r"(?:e-?mail|mail|message)s? from",
    r"mail ?from\b[^\n]{0,60}\b(?:domain|rejected|refused|listed|not exist|unknown|unresolvable"
    r"|invalid)",
    r"(?:sender|from)(?:'s)? (?:address|domain)[^\n]{0,60}\b(?:not found|not exist|unresolv|invalid"
    r"|rejected|unknown|verif|denied|blocked)|sender (?:callout|verify|verification|callback)",
    r"domain of sender|sender address|mail ?from\b[^.\n]{0,40}\b(?:domain|rejected|listed)",
    r"sender\b[^.\n]{0,30}\b(?:rejected|denied|blocked|verif|domain)|5\.1\.[78]\b",
)
# Not now, said of an account that is there.
FOR_NOW = _any(
    r"temporar(?:y|ily)\b[^.\n]{0,30}\b(?:lock|disabl|suspend|deactivat|unavailabl|inactive|block"
    r"|refus|reject|on hold)",
    r"(?:lock|disabl|suspend|deactivat|unavailabl|inactive)\w{0,6} temporar",
)
# Gone for good, said of the address, and never said of anything else.
UNKNOWN_FOR_SURE = _any(
    r"non-?existent (?:user|recipient|mailbox|address|account)",
    r"user does(?: ?not|n['\u2019]t) (?:have an?\b|exist)|no mailbox (?:here|by that name)",
    r"no (?:\w{1,12} )?(?:user|recipient|mailbox|mail box|account|address|person)e?s?"
    r" (?:was |were |is |are )?(?:found|exist|here|matching|available for|by th(?:is|at)|with th)",
    r"requested (?:mail )?action not taken: mailbox (?:unavailable|not found)",
    r"not an? (?:active|existing|valid|known) (?:e-?mail )?(?:address|user|account|mailbox)",
    r"bad[ _](?:recipient|mailbox)\b",
    r"user(?:name)? (?:is )?unknown|unknown user|no such (?:user|recipient|mailbox|person)",
    r"recipient address rejected: (?:access denied|user)|(?:user|mailbox|account) not found",
)
# Gone for good, said of the address.
UNKNOWN_USER = _any(
    r"(?:user|recipient|address|account|mailbox|person|alias|id)\b[^.\n@]{0,30}\b(?:unknown"
    r"|unrecognized)",
    r"(?:unknown|no such|invalid|illegal|bad|non-?existent|unrecognized) (?:\w{1,20} ){0,2}"
    r"(?:user|recipient|mailbox|address|account|alias|person|name|local|id|userid"
    r"|destination mailbox)",
    r"(?:does|do|did)(?: ?not|n['\u2019]t) exist|non-?existent|not exist",
    r"(?:user|recipient|address|account|mailbox|person)\b[^.\n]{0,60}"
    r"(?:not (?:be )?(?:found|known|valid|listed|a valid|local)|(?:was"
    r"|could)n['\u2019]t (?:be )?found)",
    r"not (?:a )?(?:valid|known|local) (?:user|recipient|mailbox|address)|not our customer",
    r"no mailbox (?:here|by)|there is no one (?:here )?by that name|no account by that name",
    r"unrouteable address|addressee unknown|user doesn|recipnotfound|address error",
    r"(?:can(?:no|')t|could not|unable to) (?:find|locate|verify)\b[^.\n]{0,30}(?:user"
    r"|recipient|mailbox)",
    r"not listed in|name is not recognized|we do not have an account|5\.1\.1\b|invalid recipient",
    r"utente (?:sconosciuto|non)|usuario desconocido|utilisateur (?:inconnu|introuvable)",
    r"(?:empfänger|benutzer)\w* (?:unbekannt|nicht)|unbekannte[rn]? (?:empfänger|benutzer)",
    r"(?:wurde|konnte)\b[^\n]{0,60} nicht gefunden|introuvable|no se (?:ha )?enc(?:ontró|ontrado)",
    r"non (?:è stato )?trovat|niet (?:worden )?gevonden|não (?:foi )?encontrad",
    r"nie (?:odn|zn)aleziono|не найден|bulunamad|hittades inte|ikke (?:funnet|fundet)",
    r"ei löyty|nenalezen",
    r"見つかりません|存在しない|宛先が|リストにありません",
)
# Said of a name that may be found later.
LATER_HOST = _any(
    r"not found[,;:]? (?:please )?try again|name[^.\n]{0,60}\btry again",
    r"temporary (?:\w{1,12} )?(?:failure|error)[^.\n]{0,20}\b(?:name|look|resol|dns)|servfail",
    r"(?:dns|name ?server|look-?up|resolv\w{1,4})\b[^.\n]{0,60}"
    r"\b(?:tempor|timed? ?out|try again|later)",
    r"host lookup did not complete",
)
UNKNOWN_HOST = _any(
    r"host(?:name)?(?: or domain name)? (?:unknown|not found)|unknown (?:host|domain)",
    r"host or domain name not found|host not found|no such (?:domain|host)|nxdomain|null mx",
    r"domain\b[^.\n]{0,40}(?:not found|does not exist|couldn['\u2019]t be found|isn['\u2019]t"
    r"|not exist)",
    r"unrouteable (?:mail )?domain|couldn['\u2019]?t find any host|illegal host/domain",
    r"no (?:mx|mail exchanger|mail server) (?:record|found|for)"
    r"|all relevant mx records point to non",
    r"dns (?:lookup failure|error: \S+ type mx lookup)|bad destination (?:host|system)",
    r"invalid domain|domain is not reachable|find a mail exchanger|indicated no smtp service",
    r"5\.1\.2\b|misconfigured destination",
)
GONE = _any(
    r"(?:account|mailbox|user|address)\b[^.\n]{0,40}\b(?:disabled|deactivated|discontinued"
    r"|closed|terminated)",
    r"no longer (?:valid|available|active|in use|work|exist|with)|has (?:been )?moved"
    r"|user has moved",
    r"(?:disabled|deactivated|closed|terminated) (?:account|mailbox|user|recipient)|5\.1\.6\b",
    r"(?:has been|is) replaced by|address (?:has )?changed",
)

# Not now, or not this one.
FULL = _any(
    r"(?:mail)?box\b[^.\n]{0,30}\b(?:full|exceed|over)|full mailbox|mailbox size limit",
    r"over ?quota|quota\b[^.\n]{0,40}\b(?:exceed|full|violat)|exceed\w*\b[^.\n]{0,40}\bquota"
    r"|5\.2\.2\b",
    r"not enough (?:storage )?space|insufficient (?:system )?(?:storage|space|disk)|out of storage",
    r"disk (?:space|quota|full)|storage (?:quota|limit)|inbox is full|account is full"
    r"|too much mail",
    r"boîte\b[^.\n]{0,30}pleine|postfach\b[^.\n]{0,40}(?:voll|überschritten)|一杯|maildir",
)
TOO_LARGE = _any(
    r"(?:message|mail|size|file|attachment|data)\b[^.\n]{0,40}\b(?:too (?:large|big|long)|exceed)",
    r"size limit|larger than|maximum (?:message )?size|too (?:big|large)|5\.3\.4\b|5\.2\.3\b",
)
LATER = _any(
    r"timed? ?out|try (?:again )?later|temporar|connection (?:refused|reset|lost|closed)|deferred",
    r"greylist|gr[ae]y ?list|too many|rate limit|retry time|expired|for more than \d"
    r"|no route to host",
    r"(?:mail|routing) loop|too many hops|loops? back|lost connection|too busy"
    r"|network (?:error|unreach)",
    r"inactive|suspend|not accepting|system (?:error|resources)|local error|configuration error",
    r"unable to (?:connect|reach)|could not (?:connect|be reached)|4\.\d{1,3}\.\d{1,3}\b",
)

# The sender, the content or the path is refused: the address may be fine.
POLICY = _any(
    r"\bspam|black ?list|block ?list|\bblocked\b|\bspf\b|\bdkim\b|\bdmarc\b|reputation|spamhaus",
    r"\bpolicy|polic(?:y|ies)|polític|politique|richtlinie",
    r"unauthenticated|authentication|not authori[sz]ed|unauthori[sz]ed",
    r"\bvirus|malware|phish|suspicious|\brbl\b|reverse dns|\bptr\b|banned|unsolicited|bulk mail",
    r"(?:message|content|mail) (?:content )?(?:was )?(?:rejected|refused|denied)|content reject",
    r"relay\w*\b[^.\n]{0,30}\b(?:denied|not permitted|prohibited|not allowed)|unable to relay",
    r"not permitted to relay|we do not relay|restrict|\bhelo\b|client host rejected|access denied",
    r"sender\b[^.\n]{0,30}\b(?:rejected|denied|blocked|verif)"
    r"|(?:your|from) (?:ip|host|server|domain)",
    r"recipient(?:['\u2019]s)? preference",
    r"from address|permission|not allowed|prohibited|forbidden|5\.7\.\d{1,3}\b|insecure|\btls\b",
    r"rfc ?\d{4}|not (?:rfc|compliant)|header|syntax error",
)
