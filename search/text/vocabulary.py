"""Words that need care, by language, as data: stop words and words that say little.

Stop words are left out of queries only, and only when other words remain; single letters stand there for the clitics
that an apostrophe or a hyphen splits off.
"""

from __future__ import annotations

from typing import Final

STOP_WORDS: Final[dict[str, str]] = {
    "bg": "а аз ако ами ала бе без беше би бил била били било близо бъде бъдат в вас ваш ваша ваше ваши "
    "вече ви вие винаги все всеки всички всичко всяка във върху г да дали дори до докато друг друга "
    "други е едва един една едно ето за зад заедно защо защото и из или им има имат й каза как каква "
    "какво какъв какви като кога когато кое което кой който коя която които къде към ли м между ми "
    "много може мой моля му н на над най нас наш наша наше наши не него нещо нея ни ние никой но "
    "някои някой някоя няма обаче около освен от отново още пак по под пред преди през при с са само "
    "се сега си след сме според сред срещу сте съм със също т тази така такава такива такъв там твой "
    "те тези ти то това тогава този той толкова трябва ту тук тъй тя тях у ще я чрез че",
    "cs": "a aby ač ale ani ano asi až bez bude budeme budete budou by byl byla byli bylo být co což či "
    "další dnes do ho i ja já jak jako jaká jaké jaký je jeho jej její jejich jen jenž jenom ještě ji "
    "jí jich jim jimi jiné již jsem jsi jsme jsou jste k kam kde kdo když ke která které kteří který "
    "ku ma má mají mám máme mě mezi mi mít mne mnou můj může my na nad nám nás náš naše ne nebo než "
    "nic o od on ona oni ono pak po pod podle pokud pouze pro proč proto protože před přes při s se "
    "si sice své svůj svých svým ta tak také takže tam tato te tě tedy ten tento ti tím tímto to "
    "tohle toho tom tomto tomu toto tu tuto ty tyto u už v vám vás váš vaše ve více však vy z za zda "
    "zde ze že",
    "da": "ad af alle alt anden at blev blive bliver både da de dem den denne der deres det dette dig din "
    "dine disse dit dog du efter eftersom eller en end er et fik for fordi fra ham han hans har havde "
    "have hele hende hendes her hos hun hvad hvem hver hvilke hvilken hvilket hvis hvor hvordan "
    "hvorfor hvornår i ikke ind ingen intet jeg jer jeres kan kunne man mange med meget mellem men "
    "mig min mine mit mod må når ned nogen noget nu ny og også om op os over på samt selv sig sin "
    "sine sit skal skulle som sådan så thi til ud under uden var ved vi vil ville vor vores være "
    "været",
    "de": "aber alle allem allen aller alles als also am an ander andere anderen anderer auch auf aus bei "
    "beim bin bis bist da dabei damit dann darf das dass dein deine dem den denn der des dessen die "
    "dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines "
    "er es etwas euch euer eure für gegen gegenüber gibt hab habe haben hat hatte hatten hier hin "
    "hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist ja jede jedem jeden "
    "jeder jedes jene jener kann kannst kein keine keinem keinen keiner können könnte man manche mein "
    "meine mich mir mit muss müssen nach nicht nichts noch nun nur ob oder ohne per sehr sein seine "
    "seinem seinen seiner seit sich sie sind so sobald soll sollen sollte sondern sowie über um und "
    "uns unser unsere unter vom von vor während wann war warum was weil welche welchem welchen "
    "welcher welches wenn wer werde werden wie wieder will wir wird wo wollen womit worden wurde "
    "wurden würde zu zum zur zwischen z b",
    "el": "αλλά αν ανά αντί από απ άρα ας αυτά αυτές αυτή αυτήν αυτό αυτοί αυτόν αυτός αυτού αυτών για "
    "γιατί δε δεν δηλαδή διότι εάν εγώ εδώ εκεί εμείς εμένα ένα έναν ένας ενός ενώ επί επίσης εσείς "
    "εσύ έχει έχουν έχω ή η ήταν θα και κάθε καθώς κάποια κάποιο κάποιος κατά κι λοιπόν μα μας με "
    "μέσα μετά μέχρι μη μην μια μία μιας μου μπορεί μπορώ να ο οι όλα όλες όλοι όμως όπου όπως όσο "
    "όταν ότι ουκ παρά περί ποια ποιο ποιοι ποιος που πού πριν προς πρέπει πως πώς σαν σας σε στα στη "
    "στην στις στο στον στους στων συν σου τα τη την της τι τις το τον του τους των τώρα υπό ως ω δια "
    "ανάμεσα μεταξύ χωρίς είναι είμαι είμαστε έτσι",
    "en": "a about above after again all also am an and any are as at be been before being between both but "
    "by can could did do does doing don down during each for from further had has have having he her "
    "here hers him his how i if in into is it its itself just ll m may me might more most must my no "
    "nor not of off on once only or other our ours out over own re s same shall she should so some "
    "such t than that the their theirs them then there these they this those through to too under "
    "until up upon us ve very via was we were what when where which while who whom whose why will "
    "with within without would you your yours",
    "es": "a al algo algún alguna algunas alguno algunos ante antes aquel aquella así aún aunque bajo cada "
    "como cómo con contra cual cuál cuales cuáles cuando cuándo cuanto de del desde donde dónde dos "
    "durante e el él ella ellas ellos en entre era eran es esa esas ese eso esos está estaba están "
    "estar estas este esto estos ha han hasta hay la las le les lo los más me mi mis mucho muy nada "
    "ni no nos nosotros nuestra nuestras nuestro nuestros o otra otras otro otros para pero por "
    "porque pues que qué quien quién quienes se según ser si sí sido sin sobre son su sus también tan "
    "tanto te tener tiene tienen toda todas todo todos tras tu tú tus u un una unas uno unos usted "
    "ustedes vuestra vuestro y ya yo",
    "et": "aga ainult ega ehk ei enam enne et ette ga h hoopis iga ikka ilma ja jaoks ju juba juurde juures "
    "ka kas keda kelle kes kogu kohta kokku koos kui kuid kuidas kuni kus kust kuhu küll läbi lisaks "
    "ma me meie mida millal mille millest milline millised milles mina minu mis miks mitte mõne mõned "
    "mu muu nad need neid neile nemad nende ning nii nõnda nüüd ole olema oleme olen olete oli olid "
    "olla oma on oled oleks pärast peal peale pea poolt sa saab sama see seda seal sealt selle selles "
    "sellest selline sest siin siis sina sinu su suhtes ta tagasi te teda teie tema üle üles või vaid "
    "veel võib vastu välja väga üks",
    "fi": "ei eikä eivät ellei elleivät en enkä ennen entä eri että he heidän heille heitä hän häneen hänen "
    "häntä ilman itse ja jo johon jolla jolle jonka jos joissa jossa josta jota jotka joka jotta "
    "jälkeen kai kaikki kanssa keiden ketkä ketä koska kuin kuinka kuka kukin kun kunkin kyllä kenen "
    "me meidän meille meitä mihin mikä miksi mille millainen millaiset milloin millä minkä minun "
    "minulla minut minä missä mistä mitkä mitä miten molemmat mukaan mutta muu muut myös mään ne "
    "nehän niiden niillä niin niissä nuo nyt näiden näin nämä olemme olen olet olette oli olisi "
    "olivat olla on ollut oma omat oman ovat poikki se sekä sen siellä siinä siis siitä sille sillä "
    "sinun sinä sitten sitä tai te teidän teille tuo tähän tällä tämä tämän tässä tästä tätä vai "
    "vaikka vain vielä voi voidaan voit voivat yli ylitse jonkin jokin joku vaan kohti läpi lisäksi",
    "fr": "à afin ai ainsi alors après as au aucun aucune auquel aussi autre autres aux avant avec avez "
    "avoir avons c ça car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme "
    "comment d dans de depuis des dès donc dont du duquel durant elle elles en encore entre es est et "
    "étaient était étant êtes être eu eux fait fut hors il ils j je jusqu jusque l la laquelle le "
    "lequel les lesquelles lesquels leur leurs lors lorsque lui m ma mais me même mêmes mes moi moins "
    "mon n ne ni non nos notre nous on ont ou où par parce parmi pas pendant peu peut peuvent plus "
    "pour pourquoi puis qu quand que quel quelle quelles quels qui quoi s sa sans se sera ses si son "
    "sont sous sur t ta tandis te tel telle tes toi ton tous tout toute toutes très trop tu un une "
    "vers via voici vos votre vous y",
    "ga": "a ach ag agus ai aige aici am an ann aon ar arb arbh arna as atá b ba bhfuil bhí bhur bí bíonn "
    "cad cá cathain cé cén chomh chuig chun conas cuid d dá dár de den di do dom don dtí duit dul é "
    "ea eile faoi faoin fara fós fúthu ga go gur h i í iad idir in ina inar is isteach ó ón ná nach "
    "nár leat leis lena linn liom m má mar mé mise mó mo n na níl ní nior níos nó nuair os ós roimh "
    "sa san sé seo sí sin sinn siad sibh t tá tar thar thú trí tríd tú um uile uaidh",
    "hr": "a ako ali bez bi bih bila bili bilo bio bismo biste biti bude čak čemu čega da dakle do dok eto "
    "ga gdje i ih iako ili im iz iza između ja je jedan jedna jedno jer jesam jesi jesmo jest jesu "
    "joj još ju k ka kad kada kako kao kamo koga koja koje kojem koji kojima kojoj koju koliko kraj "
    "kroz li me mene meni mi mnogo moj moja moje može mogu mu na nad nakon nam nama nas naš naša naše "
    "ne nego neka neki nekoliko nema netko nešto ni nije nisu niti no o od oko on ona oni ono osim "
    "ova ovaj ove ovi ovo ovdje pa po pod pored poslije prema pri prije preko put s sa sam samo se "
    "sebe si smo ste su sva svaki sve svi svoj svoja svoje što šta ta tada taj tako također tamo te "
    "tek ti to tu tvoj u uz vam vas vaš vaša vaše već vi više vrlo za zašto zbog će ćemo ćete ćeš ću",
    "hu": "a abban ahhoz ahogy ahol aki akik akkor alatt által általában amely amelyek amelyet ami amíg "
    "amikor amit annak arra arról át az azok azon azonban azt aztán azért be belül benne bár cikk "
    "csak de e egy egyéb egyes egyik el ellen előtt először én éppen és ez ezek ezen ezért ezt fel "
    "felé ha hanem hogy hogyan hol honnan hová ide igen így illetve ilyen itt is jól keresztül ki "
    "kívül kell kellett közben között közül le lehet lenne lesz lett ma maga majd már más másik meg "
    "még mellett melyik mert mely melyek mi miatt mikor milyen mind minden mint mintha mit mivel most "
    "nagyon ne nekem nem nincs ő ők őket össze ott pedig például rá s saját sem semmi sok során "
    "számára szerint szét talán te tehát teljes ti től túl úgy ugyanis után utána vagy vagyis vagyok "
    "valaki valami való van vannak vele vissza volna volt voltak kik kié tovább",
    "it": "a abbia ad agli ai al all alla alle allo anche ancora avere c che chi ci cioè co coi col come "
    "con contro cosa così cui d da dagli dai dal dall dalla dalle dallo degli dei del dell della "
    "delle dello dentro di dopo dove dunque durante e è ed egli ella era erano essere essa esse essi "
    "esso fra fuori già gli ha hai hanno ho i il in infine io l la le lei li lo loro lui ma me meno "
    "mentre mi mia mie miei mio molto n ne negli nei nel nell nella nelle nello no noi non nostra "
    "nostre nostri nostro o od ogni oltre ove per perché però più poi possono presso prima può qual "
    "quale quali quando quanto quella quelle quelli quello quest questa queste questi questo qui s "
    "sarà se secondo sei sempre senza si sia siamo siete sono sopra sotto su sua sue sugli sui sul "
    "sull sulla sulle sullo suo suoi tra tramite tu tua tue tuo tuoi tutta tutte tutti tutto un una "
    "uno v verso vi voi vostra vostre vostri vostro",
    "lt": "aš abi abu ant apie ar arba bei bent bet būna būti buvo buvau dar dėl dėka be iki ir iš į ypač "
    "ją jai jam jame jau jei jeigu ji jie jiems jis jo jos jų jums jūs jūsų ka kad kada kai kaip "
    "kaipgi kam kas kiek kiekvienas kita kitas kiti kodėl koks kokia kokie kokios kol kuri kuria "
    "kurie kuriems kurio kurios kuris kuriuo kuriuos kurį kurių kur link man mano mane mes metu mūsų "
    "nei nes net ne nėra nors nuo o pagal pas pat paskui per po prie prieš pro sau savo su štai ši "
    "šiame šie šio šios šis šių ta tačiau tada tai taigi taip tam tame tarp tas tau tave tavo tie "
    "tiek tik to todėl toks tos tu turi tuo tų už vien viena vienas virš visi viskas vis yra žemiau",
    "lv": "aiz ap apakš ar arī ārpus būs būt bez bet bija cik dažādi dažas daži dēļ diemžēl es ir it iekš "
    "iekšpus ik ikviens ja jau jeb jebkurš jo jūs jūsu ka kā kad kādā kāda kādas kāds kādi kam kamēr "
    "kas kāpēc katrā katrs ko kopā kopš kur kura kurā kuras kuri kurš kuru lai līdz līdzko man mana "
    "mans mēs mums mūsu nav ne nebūs nedz no nost nu ņemot pa pār par pat pats pēc pie pirms pret "
    "priekš savs savu savā savas sev sevi starp šā šai šāds šādi šajā še šeit šī šie šīs šis šo šos "
    "tā tad tādēļ tajā tāpat tāpēc tas te tev tiek tika tie tiem tikai to toties tos tu un uz vai "
    "vairāk var varbūt viņa viņas viņi viņš viņu vien virs virspus zem",
    "mt": "u jew il l is id in ir iż ix iċ it ta tal tat tad tan tar tas taz taż tax taċ f fi fil fid fin "
    "fir fis fit fix fiż fiċ fl b bi bil bid bis bit bir bin bix biż bl ma mal mad man mar mas mat "
    "maċ max maż minn mill mid mit mis għal għall għar għas għat għad li x d s t n r ż z lil lill lit "
    "lis kif meta fejn min xi għaliex liema kemm hu hi huwa hija huma aħna jien jiena int inti intom "
    "dan din dawn dak dik dawk kull kollha ukoll iżda imma biss jekk billi waqt wara qabel bejn taħt "
    "fuq barra ġo ġewwa mingħajr madwar permezz tiegħu tagħha tagħhom tagħna tiegħi tiegħek tagħkom "
    "tiegħ lejn kontra sa se sejjer għandu għandha għandhom kien kienet kienu jkun tkun jkunu ikun "
    "mhux mhuwiex anke anki bħal bħala biex ħa hekk hawn hemm aktar iktar wisq ġie ġiet ġew",
    "nl": "aan aangaande achter af al alle allen als altijd ander andere anderen ben bent bij binnen boven "
    "buiten d daar dan dat de deze die dit door dus een elk elke en er even gedurende geen haar had "
    "hadden hebben heb heeft hem hen het hier hij hoe hoewel hun ik in indien is ja je jij jou jouw "
    "jullie kan kon kunnen kunt maar mag me mee meer men met mij mijn moet moeten na naar naast niet "
    "niets nog nu of om omdat onder ons onze ook op over per s samen sinds t te tegen ten ter tijdens "
    "toch toen tot totdat tussen u uit uw van vanaf veel via voor want waar waarmee waarom wanneer "
    "waren was wat we wel welk welke werd werden wie wij wil worden wordt zal ze zelf zich zij zijn "
    "zo zoals zonder zou zullen",
    "pl": "a aby ach ale albo ani aż bardzo bez bo bowiem by był była było były być będą będzie ci cię co "
    "coś czy czyli dla dlaczego dlatego do gdy gdyby gdyż gdzie go i ich ile im inna inne innych inny "
    "iż ja jak jaka jaki jakie jako jakich jakim je jeden jedna jedno jego jej jemu jest jestem "
    "jeszcze jeśli jeżeli już każda każde każdy kiedy kto która które którego której którzy który "
    "których którym ku lecz lub ma mają mam mi między mimo mną mnie moja moje może można mój mu my na "
    "nad nam nami nas nasz nasza nasze nasi natomiast nawet nią nic nich nie niego niej nim nimi niż "
    "no o obok od oraz on ona one oni ono oto pan pani po pod podczas ponad ponieważ poza przed "
    "przede przez przy są się skąd sobie sposób swoje swój ta tak taka taki takie także tam te tego "
    "tej ten też tę tobie to tu tutaj twoja twoje twój ty tych tylko tym u w wam wami was wasz wasza "
    "wasze we więc wszystkich wszystkie wszystko wtedy wy z za zaś ze że żeby",
    "pt": "a à ainda além algo algum alguma algumas alguns ante antes ao aos após aquela aquele aqueles "
    "aquilo as às até cada com como contra contudo cuja cujo d da dado das de dela dele deles depois "
    "desde dessa desse desta deste do dos durante e é ela elas ele eles em embora enquanto entre era "
    "eram essa essas esse esses esta está estão estar estas este estes eu foi foram for há isso isto "
    "já lhe lhes lo mais mas me mediante meio menos mesmo meu minha muito na não nas nem nenhum no "
    "nos nós nossa nossas nosso nossos num numa o onde os ou outra outras outro outros para pela "
    "pelas pelo pelos per perante pode podem pois por porém porque porquê quais qual qualquer quando "
    "quanto que quê quem se seja sem sempre ser seu seus si sido sob sobre só sua suas são também tal "
    "tanto te tem têm teu todas todo todos toda tu tua tudo um uma umas uns você vocês vos",
    "ro": "a abia acea aceasta această aceea acei aceia acel acela acele acelea acest acesta aceste acestea "
    "acești aceștia acolo acum ai aia aici al ale alături altă alte altul am ar are asta astea astfel "
    "asupra atât atunci au avea avem azi ca că căci când care cărei căror cărui cât câte câți ce cel "
    "cele cei ceva cine cineva cu cui cum cumva d dacă dar dată de deci deja deoarece departe deși "
    "despre din dincolo doar două după ea ei el ele era este eu face fără fi fie fiecare fiind fost i "
    "iar îi îl îmi în înainte încât încă într între își însă la le li l lor lui lângă mai mea mei "
    "mele mult multă multe mulți n ne nici nimic niște noastră noastre noi nostru noștri nu o or ori "
    "oricare orice pe pentru peste până poate pot prea prin printr s sa să săi sale sau său se și "
    "sînt sub sunt suntem sus ta tale te toată toate tot toți totuși tu un una unde unei unele unor "
    "unui unii unu va vă vi voastră voi vom vor vostru",
    "sk": "a aby aj ak ako aká aké aký akej ale alebo áno asi až bez bol bola boli bolo bude budú by byť "
    "cez čí či čo ďalší do ešte ho hoci i iba ich im iná iné iný ja je jeho jej jemu k kam každá "
    "každé každý kde keď kedy keďže ko koho kto ktorá ktoré ktorej ktorí ktorý ktorých ktorým ktorú "
    "ku lebo len ma má majú mať medzi mi mňa mnou môcť môj môže my na nad nado nám nás náš naša naše "
    "nech než ni nič nie niektorý nich nim ním o od odo on ona oni ono ony po pod podľa pokiaľ potom "
    "pre pred predo preto pretože prečo pri s sa si sme so som ste sú svoj svoja svoje ta tá tak také "
    "takže tam te teda ten tento tie tieto tiež to toho tohto tom tomto tomu toto tu tú tvoj ty tým u "
    "už v vám vás váš vaša vaše viac však vo vy z za zo že",
    "sl": "a ali ampak bi bil bila bile bili bilo biti bo bodo bomo bom boš brez če čez čigav da do dokler "
    "ga glede h i in iz ja jaz je jih jim jo k kadar kaj kako kakor kakšen kakšna kakšno kam katera "
    "katere kateri katero kdaj kdo ker ki kje ko koliko koga kot kjer le lahko ma me med mene meni mi "
    "midva moj moja moje mora morajo mu na nad naj najbolj nam nas naš naša naše ne nek neka neki "
    "nekaj ni nič niso njega njegov njen njih njihov no o ob od okoli on ona one oni ono oz oziroma "
    "pa po pod podobno poleg potem pred preko pri proti s sam samo se sebe sem si smo so sta ste sva "
    "svoj svoja svoje ta tak tako takšen tam te tebe tega tem temu ter ti tista tisti tisto to toda "
    "tu tudi tukaj tvoj u v vam vas vaš vaša vaše ves vedno več vendar vi vsak vsaka vse vsi z za "
    "zakaj zato zaradi že",
    "sv": "alla allt än annan annat är att av bara bli blir blev då de dem den denna deras dess dessa det "
    "detta dig din dina ditt du där därför efter eller en enligt er era ert ett finns från för genom "
    "ha hade han hans har hela henne hennes hon honom hos hur i icke in ingen inget inom inte jag ju "
    "kan kunde man många med mellan men mer mest mig min mina mitt mot mycket måste ni nu när någon "
    "något några och också om oss på samt ska skall skulle sådan sådana sådant sig sin sina sitt "
    "själv så som till under upp ut utan utom var vara varför varit varje vars vart vad vem vems vi "
    "vid vilka vilken vilket vill åt över",
}

# What a compound ends with that names an offer by its subject: "Schweißkurs". Only words that mean the offer itself:
# "maskinlæring" is no offer.
COURSE_WORDS: Final[dict[str, str]] = {
    "da": "kursus uddannelse efteruddannelse træning workshop seminar bevis certifikat",
    "de": "Kurs Kursus Lehrgang Schulung Training Workshop Seminar Ausbildung Weiterbildung Fortbildung Zertifikat",
    "et": "kursus koolitus väljaõpe täiendõpe täiendkoolitus töötuba seminar tunnistus",
    "fi": "kurssi koulutus valmennus työpaja seminaari",
    "hu": "tanfolyam képzés továbbképzés kurzus tréning szeminárium",
    "nl": "cursus opleiding training workshop seminar bijscholing nascholing certificaat",
    "sv": "kurs utbildning fortbildning träning workshop seminarium certifikat",
}

# What any offer of a catalogue may call itself: it says nothing of the subject. All forms of these words count.
GENERIC_WORDS: Final[dict[str, str]] = {
    "bg": "курс обучение програма модул уъркшоп работилница семинар удостоверение сертификат свидетелство "
    "микроудостоверение микроквалификация учене образование клас урок занятие лекция квалификация "
    "изучаване въведение основи ниво дистанционно онлайн тренинг учебен",
    "cs": "kurz školení program modul workshop seminář osvědčení certifikát mikrocertifikát mikroosvědčení "
    "učení vzdělávání třída lekce hodina studium výcvik přednáška úvod základy stupeň úroveň online",
    "da": "kursus uddannelse program modul workshop seminar bevis certifikat mikrobevis mikrolegitimation "
    "læring klasse lektion studium studie træning forløb introduktion grundlæggende niveau online "
    "efteruddannelse",
    "de": "Kurs Kursus Lehrgang Schulung Training Programm Modul Workshop Seminar Zertifikat Zeugnis "
    "Nachweis Microcredential Mikrozertifikat Lernen Bildung Ausbildung Weiterbildung Fortbildung "
    "Klasse Lektion Studium Studiengang Einführung Grundlagen Grundkurs Stufe Niveau online Fernkurs "
    "Lernangebot",
    "el": "μάθημα σεμινάριο κατάρτιση επιμόρφωση εκπαίδευση πρόγραμμα ενότητα εργαστήριο πιστοποιητικό "
    "πιστοποίηση βεβαίωση μικροδιαπιστευτήριο μικροπιστοποιητικό μάθηση τάξη σπουδή σπουδές εισαγωγή "
    "επίπεδο κύκλος διαδικτυακό online",
    "en": "course training programme program module workshop seminar certificate certification credential "
    "microcredential micro-credential learning education class lesson study studies introduction "
    "intro basics beginner beginners level tutorial webinar online elearning diploma qualification",
    "es": "curso formación capacitación programa módulo taller seminario certificado certificación "
    "credencial microcredencial aprendizaje educación clase lección estudio introducción básico nivel "
    "online diploma cursillo jornada",
    "et": "kursus koolitus programm moodul töötuba seminar tunnistus mikrokraad mikrokvalifikatsioon "
    "sertifikaat õppimine õpe haridus klass tund õppetund õping õppekava väljaõpe täiendõpe "
    "täiendkoolitus sissejuhatus alused tase",
    "fi": "kurssi koulutus ohjelma moduuli työpaja seminaari todistus sertifikaatti pienosaaminen "
    "mikrotutkinto oppiminen opiskelu opinnot luokka oppitunti tunti johdatus perusteet taso "
    "valmennus täydennyskoulutus jatkokoulutus verkkokurssi opinto",
    "fr": "cours formation stage programme module atelier séminaire certificat certification attestation "
    "microcertification microcrédit micro-certification apprentissage éducation classe leçon étude "
    "études introduction initiation base niveau ligne diplôme",
    "ga": "cúrsa oiliúint clár modúl ceardlann seimineár teastas deimhniú micridhintiúr micrea-dhintiúr "
    "foghlaim oideachas rang ceacht staidéar réamhrá bunús leibhéal traenáil scéim",
    "hr": "tečaj osposobljavanje usavršavanje program modul radionica seminar potvrda svjedodžba certifikat "
    "mikrokvalifikacija učenje obrazovanje razred sat lekcija studij uvod osnove razina trening",
    "hu": "tanfolyam képzés továbbképzés program modul műhely workshop szeminárium tanúsítvány bizonyítvány "
    "oklevél mikrotanúsítvány tanulás osztály óra lecke tanulmány bevezetés alapok szint kurzus "
    "tréning",
    "it": "corso formazione programma modulo laboratorio workshop seminario certificato certificazione "
    "attestato microcredenziale apprendimento educazione classe lezione studio studi introduzione "
    "base livello online",
    "lt": "kursas mokymas programa modulis dirbtuvės seminaras pažymėjimas sertifikatas mikrokredencialas "
    "mikrokvalifikacija mokymasis švietimas klasė pamoka studija studijos įvadas pagrindai lygis",
    "lv": "kurss apmācība programma modulis darbnīca seminārs apliecība sertifikāts mikrokvalifikācija "
    "mikroapliecinājums mācība mācības mācīšanās izglītība klase stunda nodarbība studija studijas "
    "ievads pamati līmenis",
    "mt": "kors taħriġ programm modulu workshop seminar ċertifikat mikrokredenzjal mikrokredenzjali tagħlim "
    "edukazzjoni klassi lezzjoni studju introduzzjoni livell bażi",
    "nl": "cursus opleiding training programma module workshop seminar seminarie certificaat getuigschrift "
    "bewijs microcredential leren klas les studie inleiding basis niveau bijscholing nascholing "
    "vorming",
    "pl": "kurs szkolenie program moduł warsztat warsztaty seminarium świadectwo certyfikat zaświadczenie "
    "mikropoświadczenie uczenie kształcenie edukacja klasa lekcja zajęcia studia studium wprowadzenie "
    "podstawy poziom trening dokształcanie doskonalenie",
    "pt": "curso formação programa módulo workshop oficina seminário certificado certificação diploma "
    "microcredencial aprendizagem educação aula lição estudo introdução básico nível online treino",
    "ro": "curs formare program modul atelier seminar certificat adeverință atestat microcertificare "
    "microcertificat învățare educație clasă lecție studiu introducere bază nivel instruire pregătire "
    "perfecționare",
    "sk": "kurz školenie program modul workshop seminár osvedčenie certifikát mikrocertifikát "
    "mikroosvedčenie učenie vzdelávanie trieda lekcia hodina štúdium výcvik úvod základy úroveň "
    "tréning",
    "sl": "tečaj usposabljanje program modul delavnica seminar potrdilo spričevalo certifikat mikrodokazilo "
    "mikropotrdilo učenje izobraževanje razred ura lekcija študij uvod osnove raven izpopolnjevanje",
    "sv": "kurs utbildning program modul workshop verkstad seminarium intyg certifikat bevis "
    "mikromeritering mikromerit lärande klass lektion studie studier introduktion grund nivå "
    "fortbildning vidareutbildning träning",
}
