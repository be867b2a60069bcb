"""Words that need care, by language, as data: stop words and words that say little.

Stop words are left out of queries only, and only when other words remain; single letters stand there for the clitics
that an apostrophe or a hyphen splits off.
"""

from __future__ import annotations

from typing import Final

STOP_WORDS: Final[dict[str, str]] = {
    "bg": "а в във и или на за от с със по към до като че не е са се да при из над под между този тази това тези",
    "cs": "a i v ve na do z ze s se k ke o od po pro při za nad pod nebo že je jsou to ten ta ty jako aby",
    "da": "og i på til af for med en et den det de der som er at om fra ved eller ikke kan vi du din dit",
    "de": "und oder der die das den dem des ein eine einer eines einem einen in im an am auf zu zum zur für mit von "
    "vom bei aus nach über ist sind nicht auch als wie",
    "el": "και ή ο η το οι τα τον την του της των τους στο στη στην στον στα στις με για από σε που να είναι ένα "
    "ένας μια",
    "en": "a an and the of in on at to for from with by or is are be as it this that these those s t your you our",
    "es": "y e o u el la los las lo un una unos unas de del al a en con por para que es son se su sus como sin",
    "et": "ja või ning on ei see et ka kui oma mis kes selle seda aga",
    "fi": "ja tai sekä on ei että se ne kun kuin jos myös joka jotka mutta",
    "fr": "et ou le la les l un une des du de d au aux à en dans sur pour par avec que qu qui est sont se s ce c "
    "j m n t y ne pas",
    "ga": "agus nó an na i in ar ag do de le ó as faoi go is tá sa san den don leis b d n t h m a",
    "hr": "i ili u na za od do s sa iz po k ka o pri je su se da koji koja koje kao te",
    "hu": "a az és vagy egy is nem hogy van ez azt s de mint meg",
    "it": "e ed o il lo la i gli le l un uno una "
    "di del dello della dei degli delle dell d a al allo alla ai agli alle "
    "all da dal dalla dall in nel nella nell con su sul sulla sull per tra fra che è sono si c",
    "lt": "ir ar arba bei į iš su be nuo prie per po už apie kad kaip yra o tai",
    "lv": "un vai ar uz no par pie pēc kā ka ir lai kas šis šī bet gan",
    "mt": "u jew il l is id in ir iż ix it ta tal tat tad tan tar tas taz f fi fil fl b bi bil ma mal minn mill "
    "għal għall li ma x d s t n r ż z",
    "nl": "en of de het een in op aan te tot van voor met bij uit door naar is zijn niet dat die als om er t s",
    "pl": "i lub oraz w we na do z ze od po dla przy za nad pod o u że jest są się to ten ta te jak nie a",
    "pt": "e ou o a os as um uma uns umas de do da dos das em no na nos nas ao à aos às com por para que é são se d",
    "ro": "și si sau un o unei unui al a ai ale de la în in pe cu din pentru prin că este sunt se nu ca l n s",
    "sk": "a i v vo na do z zo s so k ku o od po pre pri za nad pod alebo že je sú to ten tá ako aby",
    "sl": "in ali v na za od do s z iz po k h o pri je so se da ki kot ter",
    "sv": "och eller i på till av för med en ett den det de som är att om från vid inte kan din ditt vi du",
}
