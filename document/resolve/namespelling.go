package resolve

import (
	"slices"
	"strings"
)

// spellingsOf are given names that are written in several ways, or brought from one
// language to another, beyond what their sound tells.
var spellingsOf = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(nameSpellings) {
		names := strings.Fields(line)
		for _, n := range names {
			m[n] = names[0]
		}
	}
	return m
}()

const nameSpellings = `abdullah abdallah
abdul abd abdel abdal abdoul abdol
alexander aleksandr aleksander alexandre oleksandr aliaksandr alyaksandr aleksandar
aleksandra oleksandra alexandra
andrei andrey andrej andriy andrii
anton antonii
abdulrahman abdurrahman abdelrahman abdalrahman abdulrehman
aisha ayesha aicha
elena yelena olena
ekaterina yekaterina kateryna
faisal faysal feisal
fatima fatma fatimah
fyodor fedor
gaddafi qaddafi qadhafi kadhafi gadhafi
hamza hamzah
ilya iliya illia
ismail ismael
jamal gamal djamal
karim kareem
khalid khaled
konstantin constantin kostiantyn
layla leila laila
liudmila lyudmila ludmila
mahmoud mahmud mehmood
maksim maxim
mustafa mostafa moustafa
nasser nasir
natalia nataliya natalya
oleg oleh
othman uthman osman
petr pyotr petro
qasim kassem qassem qasem
rashid rasheed
said saeed sayeed
suleiman sulayman sulaiman soleiman
svetlana svitlana
tariq tarik tareq
tatiana tatyana tetiana
vasily vasiliy vasyl
viktor victor
walid waleed
shaheen chahine shahin chaheen
sharif cherif
shadi chadi
rashad rachad
zaynab zeinab zainab
alekseev alexeyev alexeev alekseyev
alexei alexey aleksei aleksey alexej oleksiy
ahmad ahmed achmed
allan alan allen
ann anne
brian bryan
catherine katherine kathryn catharine katharine
carl karl
dmitry dmitri dmitrii dmytro
elizabeth elisabeth
eric erik
frederick frederic fredrick friedrich
geoffrey jeffrey jeffery
george georgy georgiy
gary garry
giorgi giorgio
graham graeme
hassan hasan
hussein hussain husayn husain hossein hussien
ibrahim ebrahim
igor ihor
jeremiah jeremias
julia yulia iuliia
lawrence laurence
marc mark
mikhail mykhailo michail
mikhail mihail
mohammed md mohd mhd muhammad mohamed mohammad muhammed mohamad muhamed mehmed mohammud
nicholas nicolas nikolas
nikolai nikolay mykola nicolai
osama usama
omar umar
philip phillip
pavel pavlo
rachel rachael
sara sarah
sean shaun shawn
sergei sergey serhiy sergiy
sofia sophia
stephen steven stephan
stuart stewart
theresa teresa
terrence terence terrance
thomas tomas tomasz
vladimir volodymyr uladzimir wladimir
choe choi
park pak bak
lee ri yi rhee
roh noh
lim rim
ryu yoo yu
jung jeong chong chung
kang gang
yevgeny yevhen evgeny yevgeniy evgenii evgeni
yuri yury iurii jurij yuriy
yusuf yousef youssef yousuf yusef yusof
abubakar aboubakar abubakr aboubacar
abdelaziz abdulaziz
belkacem belkassem bilqasim belqasim
bilal bilel
boubacar boubakar
giorgos georgios
ioannis yiannis
khadija khadijah hadija
kurt curt
lukas lucas luka luca
marko marco
mateusz matthias mathias matias
maciej matej
mikael michael mikhael michel
milos milosh
noor nur nour
olivier oliver
oscar oskar
parviz parvez
rajesh rajeesh
ramadan ramazan ramzan
rodion radion
ruslan rouslan
salman selman
shimon simeon simon
stanislav stanislaw
valentin valentyn
veronika veronica
viktoria victoria
violetta violeta
vyacheslav viacheslav
waldemar valdemar
wassim wasim
yakov iakov jakov
yaroslav iaroslav jaroslav
zbigniew zbygniew
zdenek zdenko
zoran soran
sarkissian sargsyan sarkisyan sargisian
shcherbakov scherbakov`

// variantOf says whether a and b are spellings of one given name.
func variantOf(a, b string) bool {
	return spellingsOf[a] != "" && spellingsOf[a] == spellingsOf[b]
}

// rarerNames are further given names with what they are shortened to, or by what name
// another language has them: where two names are compared, and not for telling in a
// document whom a short name means.
var rarerNames = readNicknames(`agnieszka: aga
aleksander: olek
alessandro: sandro ale
alfredo: fredo
alyona: alena
anatoly: tolya
antonina: tonya
apostolos: tolis
arkady: arkasha
bartholomew: bart
boris: borya
bronislaw: bronek
carmen: carmela
charlotte: lottie charly
claire: clara
clarence: clare
cornelius: neil
daniela: dani
delores: dee
dimitrios: dimitris mitsos jim
dionysios: dionysis denis
domenico: mimmo
elzbieta: ela
emmanuel: manny manolis
erzsebet: bozsi erzsi
esteban: teban
eustace: stacy
evangelos: vangelis
feodor: fedya
fernando: nando fer
franciszek: franek
francesco: franco cecco
francois: fanfan
franz: franzl
galina: galya
gennady: gena
georgios: giorgos george yorgos
gertrude: trudy gertie
giovanni: gianni nino vanni
grigory: grisha
gregorio: goyo
gretchen: greta
hercules: herc
ildefonso: poncho
ilya: ilyusha
ioannis: giannis yannis john
irina: ira irochka
istvan: pista
jadwiga: jadzia
janos: jancsi
jozef: jozek
juan: juanito
julian: jules
kazimierz: kazik
ksenia: ksyusha
lazaros: laz
leonid: lenya
leopoldo: polo
lev: lyova
lidia: lida
ludwig: lutz
lyubov: lyuba
magdalena: magda lena
malgorzata: gosia
margarita: rita
marcus: marc
matthias: matze
maurice: moe
michal: michalek
mihaly: misi
miguel: mike migue
mordecai: motti
nadezhda: nadya
oksana: ksana
oleksandr: sashko oles
olga: olya
panagiotis: panos takis
pedro: perico
peter: petya
petros: petrakis
pyotr: petya
raisa: raya
rafael: rafi
rodolfo: rudy fito
rosario: charo
roman: roma
santiago: santi chago
semyon: senya
sofia: sonya
stanislav: stas slava
stanislaw: staszek stas
stepan: styopa
stephanie: steph
svetlana: sveta
tadeusz: tadek
tamara: toma
theodoros: thodoris ted
timofey: tima
valery: valera
vasily: vasya
vasilis: bill
vasilios: bill vasilis
vera: verochka
vicente: chente
viktor: vitya
vitaly: vitalik
vyacheslav: slava
wladyslaw: wladek
wojciech: wojtek
yaroslav: slava
yakov: yasha
yekaterina: katya
yelena: lena
yelizaveta: liza
yulia: yulya
zbigniew: zbyszek
zinaida: zina
james: jas
william: wm
joseph: jos
samuel: saml
daniel: danl
richard: richd
john: jno
margaret: margt
elizabeth: eliz lisa elsa
helena: lena
thomas: thos
alexandra: lexi
catherine: cat kitty
matilda: tilda
wilhelmina: mina minnie`)

func shortOf(a, b string) bool {
	return nicknameOf(a, b) || slices.Contains(rarerNames[a], b) || slices.Contains(rarerNames[b], a)
}
