//! Names that people are given: the commonest of the languages whose lists are met, in small
//! letters and with е for ё. A list of people has many of them, a list of anything else few.

use std::collections::HashSet;
use std::sync::OnceLock;

/// In Cyrillic letters.
const CYRILLIC: &str = "\
    абдулла азамат азат айгуль айдар айнур айрат александр александра алексей алена алина алиса \
    алишер алла альберт альбина альфия анастасия анатолий ангелина андрей анна антон антонина \
    анфиса аркадий арман арсен арсений артем артур асель аслан ахмед ашот бахтияр богдан \
    богдана борис булат вадим валентин валентина валерий валерия варвара василий василиса вера \
    вероника виктор виктория виолетта виталий владимир владислав всеволод вячеслав галина гаянэ \
    геннадий георгий герман глеб григорий гузель гульнара гюльнара давид давлат дамир даниил \
    данила данило данияр дарья денис диана динара дмитрий дмитро евгений евгения егор екатерина \
    елена елизавета ерлан жанар жанна зарина заур зинаида зоя ибрагим иван игнат игорь ильдар \
    ильнур ильшат илья инга инна иннокентий иосиф ирина камиль карина катерина кира кирилл клим \
    константин кристина ксения ксенія кямран лариса лев лейла леонид лидия лилия любовь людмила \
    магомед мадина майя макар максим марат маргарита марина мария марк марта матвей микола \
    милана михаил михайло мурат мустафа мухаммед надежда назар наиль наталия наталья наталія \
    нелли никита николай нина нурлан оксана олег олександр олексій олена олеся ольга остап \
    павел павло петр петро платон полина прохор раиса рамазан рамиль рашид регина ренат римма \
    ринат роза роман ростислав руслан рустам сабина савелий саид салават самвел светлана \
    святослав семен сергей сергій снежана софия софья спартак станислав стелла степан сулейман \
    тагир таисия тамара тарас татьяна тетяна тигран тимофей тимур ульвия ульяна умар фарид \
    фарида федор филипп хасан шамиль эвелина эдуард элеонора эльвира эльдар эльмира эмиль эмин \
    эмма юлиана юлия юлія юрий юсуф яков ян яна ярина ярослав ярослава";
/// In Latin letters.
const LATIN: &str = "\
    adam ahmed aisha alan albert aleksandr aleksei alena alex alexander alexei alexey ali alice \
    alison amanda amy anastasia andrea andreas andrei andrew andrey angela angelika anja anke \
    ann anna anne anthony antje anton antonio artem arthur artyom axel barbara beate ben \
    benjamin bernd bernhard betty birgit boris brian brigitte bruce carl carlos carmen carol \
    caroline carsten catherine charles charlotte chris christian christina christine \
    christopher claire claude claudia colin cornelia craig daniel david dean deborah denis \
    denise dennis detlef diana dieter dirk dmitri dmitry donald donna dorothy douglas edward \
    ekaterina elena elizabeth elke ellen emily emma enrico eric erica erik ernst eva evgeny \
    fatima fiona frances francesca francesco francis frank franz fred friedrich gabriele galina \
    gary george gerald gerhard giovanni gisela giulia giuseppe grace graham gregory grigory \
    günter hannah hans harald harold harry heather heike heinrich heinz helen helga helmut \
    henry herbert hermann holger horst howard hugh ian igor ilya ingrid irina isabel isabella \
    ivan jack jacob jacques james jan jane janet jason jean jeff jeffrey jennifer jens jeremy \
    jessica jim joachim joan joe johann johannes john jonathan jordan jose joseph joshua joyce \
    juan judith julia julian julie justin jörg jürgen karen karin karl karl-heinz kate \
    katherine kathleen katja katrin keith kelly kenneth kevin kimberly kirill kirsten klaus \
    konstantin ksenia kurt larry lars laura lauren lawrence lee leo leonard lily linda lisa \
    louis louise luca lucy luigi luis lukas luke lyudmila manfred marco marcus margaret maria \
    marie marina mario mark markus marta martin mary matthew matthias maxim megan melissa \
    michael michel michelle miguel mike mikhail mohamed mohammed monika muhammad nadezhda \
    nadine nancy natalia natalie natalya nathan neil nicholas nick nicole nigel nikita nikolai \
    nikolay norbert olaf oleg olga oliver olivia omar oscar otto pablo pamela patricia patrick \
    paul pavel pedro peter petra philip pierre pilar polina priya rachel rainer raj ralf ralph \
    raymond rebecca reinhard renate richard robert robin roger rolf roman ronald rose roy \
    rudolf russell ruth ryan sabine sam samantha samuel sandra sara sarah scott sean sebastian \
    sergei sergey sharon silke simon simone sofia sophia sophie stanislav stefan stefanie \
    stephanie stephen steve steven stuart susan susanne suzanne svea sven svetlana tatiana \
    tatyana teresa terry theresa thomas thorsten tim timothy timur tobias tom tony torsten \
    tracy trevor tyler ulrich ulrike ursula ute uwe vadim vasily victor victoria viktor \
    viktoria vincent virginia vladimir vladislav volker walter wayne wei wendy werner wilhelm \
    william wolfgang yan yana yulia yuri yury zoe";

/// True for a name that people are given, in small letters; of a double one the first part counts.
pub(super) fn is_given(word: &str) -> bool {
    static ALL: OnceLock<HashSet<&str>> = OnceLock::new();
    let all = ALL.get_or_init(|| CYRILLIC.split(' ').chain(LATIN.split(' ')).collect());
    all.contains(word) || word.split_once('-').is_some_and(|(first, _)| all.contains(first))
}
