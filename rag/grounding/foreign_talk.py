"""Courtesies in other languages than English, and sentences there that say what the sources do not hold."""

from __future__ import annotations

import re

_GERMAN_THING = (
    r"(?:dokumente?n?|quellen?|texte?n?|passagen?|kontext|abschnitte?n?|unterlagen|abstracts?|artikeln?|auszüge?n?|informationen)"
)
_GERMAN_INFORMED = r"(?:angaben?|information\w*|hinweise?|auskunft|aussagen?|details?|daten|erwähn\w+|(?:ge)?nannt|nenn\w+|enthalten|hervor\w*|beantwort\w+)"
_GERMAN = re.compile(
    r"(?i)^(?:ich hoffe|gerne? (?:helfe|beantworte|erkläre|kann ich)|lass(?:en sie)? (?:es )?mich|melden sie sich|bei (?:weiteren |rück)?fragen|(?:haben sie|hast du) (?:noch|weitere)|"
    r"(?:sehr )?gute frage|(?:weitere|mehr) (?:details|informationen|angaben) (?:finden|gibt|erhalten)\b|natürlich[!,.]|selbstverständlich[!,.]|vielen dank|hier (?:ist|sind)\b|(?:wenn|falls) (?:sie|du)\b[^.]{0,60}\b(?:fragen?|hilfe|wissen)\b|bitte\b|es tut mir leid)"
)
_GERMAN_SILENT = re.compile(
    r"(?i)^(?:"
    r"(?:leider )?(?:ich )?(?:kann|konnte|habe|finde)(?: ich)? (?:leider |dazu |hierzu |dies\w{0,2} ){0,2}(?:keine?|nicht)\b|"
    rf"(?:in |aus )?(?:de[nrm]|die|das|diese[nrms]?|keine[rs]? der)? ?(?:\w{{1,20}} ){{0,2}}{_GERMAN_THING}\b[^.]{{0,80}}\b(?:kein\w{{0,2}}|nicht)\b[^.]{{0,80}}\b{_GERMAN_INFORMED}\b|"
    rf"(?:dazu|hierzu|darüber|zu [^.]{{1,40}}|es) (?:gibt|liegen|finden|findet|enthalten)\b[^.]{{0,60}}\bkeine?\b[^.]{{0,20}}\b{_GERMAN_INFORMED}\b|"
    rf"[^.]{{1,160}}?\b(?:geht|gehen|wird|werden|ist|sind)\b[^.]{{0,20}} (?:in|aus) (?:de[nmr]|diese[nmr]) (?:\w{{1,20}} )?{_GERMAN_THING} nicht \w{{1,20}}[.]?$)"
)
_ROMANCE_THING = r"(?:document\w{0,3}|documenti|passages?|pasajes?|passaggi|passagens|fuentes?|fontes?|fonti|sources?|textes?|textos?|testi|contexte?|contexto|contesto|extraits?|art[ií]c\w{1,6})"
_ROMANCE = re.compile(
    r"(?i)^[¡¿]?(?:(?:claro|por supuesto|desde luego|con gusto|bien sûr|certainement|volontiers|certo|certamente|con piacere|com certeza|claro que sim)(?: que sí)?[!.,]|"
    r"espero que|j['’]espère que|n['’]hésite[zs]? pas|no (?:dude|dudes) en|spero che|non esit\w{1,5}|não hesite|si (?:tiene|tienes|vous avez|tu as) [^.]{0,60}(?:preguntas?|questions?)|"
    r"aquí (?:tiene|tienes|está)|voici\b|ecco (?:il|la|lo|i|gli|le|un|una|alcun\w)\b|aqui está)"
)
_ROMANCE_SILENT = re.compile(
    rf"(?i)^(?:lo siento|désolée?|je suis désolée?|mi dispiace|desculpe|lamento|(?:en |dans |nei |nos |aucun des |ninguno de |nessuno dei |nenhum dos )?(?:les|los|las|le|la|el|il|lo|l['’]|i|gli|os|as|o|ces|estos|questi|estes)? ?(?:\w{{1,14}} )?{_ROMANCE_THING}\b[^.]{{0,60}}\b(?:ne|n['’]|no|non|não|pas)[ ’']?[^.]{{0,40}}"
    r"(?:mention\w*|menciona\w*|contien\w*|conten\w*|précis\w*|indiqu\w*|indica\w*|fourni\w*|proporciona\w*|especifica\w*|menzion\w*|specific\w*|parl\w*|inform\w*)|"
    r"(?:no hay|il n['’]y a (?:pas|aucune)|aucune|ninguna|non ci sono|nessuna|não há|nenhuma) (?:d['’]|de )?informa\w*)"
)
_EASTERN_SILENT = re.compile(
    r"^(?:(?:很)?抱歉|对不起|對不起|申し訳|すみません)|^(?=.{0,40}(?:文档|文件|上下文|资料|資料|文中|文章|段落|来源|文書|文脈|情報))(?=.{0,60}(?:没有|沒有|未|ません|ない)).{0,80}(?:提到|提及|说明|說明|提供|包含|记载|記載|含まれ|述べ|言及|情報|信息)"
)
SILENT_ABROAD = (_GERMAN_SILENT, _ROMANCE_SILENT, _EASTERN_SILENT)
"""What the sources do not hold: German, French, Spanish, Italian and Portuguese, Chinese and Japanese."""
FOREIGN_TALK = (_GERMAN, _ROMANCE, *SILENT_ABROAD)
