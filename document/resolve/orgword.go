package resolve

import (
	"regexp"
	"strings"
)

// bluebook are further abbreviations of names of parties, by the word they stand for, as
// far as they stand for one only; without apostrophes and dots. Source: table T6 of The
// Bluebook, as facts.
var bluebook = readAbbreviations(`academy acad; administrator admr; administratrix admx; administration admin; advertising advert; agriculture agric; alternative alt;
associate assoc; atlantic atl; authority auth; automobile auto; avenue ave; bankruptcy bankr; board bd; brotherhood bhd; building bldg; business bus;
businesses buses; broadcasting broad broadcst; capital cap; casualty cas; cathedral cath; chemical chem; college coll; commissioner commr; communication commcn;
communications commcns; community cmty; company co; compensation comp; computer comput; condominium condo; congress cong; congressional cong; consolidated consol;
continental contl contal; corrections corrs; correctional corr; cosmetics cosms; counties cntys; credit cred; defense def; department dept; detention det;
director dir; discount disc; distributor distrib; distributors distribs; distributing distribg; division div; economic econ; economics econ; employee emp; employer empr;
energy energ; engineer engr; engineers engrs; enterprise enter; entertainment entmt; environment envt; equality equal; examiner examr; exchange exch; executor exr;
executrix exx; export exp; exporter exporter; federal fed; federation fedn; fidelity fid; foundation found; general gen; global glob; guaranty guar; housing hous;
import imp; importer imper; indemnity indem; independent indep; industry indus; information info; institute inst; institution instn; investor invr; liability liab; litigation litig;
local loc; maintenance maint; manufacturer mfr; manufacturers mfrs; manufacturing mfg; maritime mar; marketing mktg; mechanical mech; medical med; medicine med; memorial meml;
merchant merch; merchants merchs; metropolitan metro; mortgage mortg; municipal mun; northeast ne; northwest nw; pacific pac; partnership pship; person pers; personal pers;
pharmaceutical pharm; preserve pres; preservation pres; probation prob; product prod; professional profl; property prop; protection prot; publication publn; publications publns;
publishing publg; road rd; record rec; records recs; refinery refin; regional regl; rehabilitation rehab; reproduction reprod; resource res; restaurant rest; retirement ret;
savings sav; science sci; secretary secy; service serv; shareholder sholder; social soc; society socy; solution sol; solutions sols; southeast se; southwest sw; subcommittee subcomm;
surety sur; surveillance surv; technology tech; telecommunication telecomm telecom; telecommunications telecomms telecoms; temporary temp; transcontinental transcon;
trust tr; trustees trs; turnpike tpk; uniform unif; utility util; utilities utils; village vill; commonwealth commw commw cmwlth; establishments ets etablissements;
incorporated incd; steamship steamsp; brewing brew; electrical elecl; electronics elecs; development devt; government govtl; hospitality hosptlty; international internatl interntl;
laboratories labs; logistics logist; petroleum petr; plantation plantn; railroad rlrd; railway rwy rly; school schl; securities secs; station sta; student stud; students studs; union un;
veterans vets; warehouse whs; water wtr; works wks; district dist; university univ unv; hospital hosp; management mngt mgmnt mgt; international int intl; insurance insur assur;
church ch; county cnty cty; construction constrn const; contractors contrs; contracting contr; cooperative co-op; council counc; education educ; medical medl; holdings hlds hldngs; chapter chap`)

// readAbbreviations reads words with their abbreviations, separated by semicolons.
func readAbbreviations(table string) map[string]string {
	m := map[string]string{}
	for entry := range strings.SplitSeq(table, ";") {
		w := strings.Fields(entry)
		for _, short := range w[1:] {
			if m[short] == "" {
				m[short] = w[0]
			}
		}
	}
	return m
}

// severalWords are abbreviations that stand for more than one word.
var severalWords = map[string]map[string]bool{
	"tel":   set("telephone telegraph television"),
	"comm":  set("commission committee community communication communications commerce"),
	"sec":   set("securities security section"),
	"prod":  set("product products production productions"),
	"prods": set("products productions"),
	"res":   set("resource resources research"),
	"ind":   set("industries industry independent industrial indiana"),
	"indus": set("industry industries industrial"),
	"cent":  set("central center"),
	"corr":  set("correction corrections correctional"),
	"econ":  set("economic economics economy"),
	"elec":  set("electric electrical electricity electronic electronics"),
	"eng":   set("engineer engineering england english"),
	"fin":   set("finance financial financing"),
	"ins":   set("insurance institute"),
	"inv":   set("investment investments investor"),
	"med":   set("medical medicine"),
	"pharm": set("pharmaceutical pharmaceuticals pharmacy"),
	"prop":  set("property properties"),
	"props": set("properties property"),
	"pub":   set("public publishing publication"),
	"st":    set("saint street state"),
	"tech":  set("technology technologies technical"),
	"trans": set("transport transportation transit"),
	"util":  set("utility utilities"),
	"ent":   set("enterprise enterprises entertainment"),
	"enter": set("enterprise enterprises"),
	"serv":  set("service services"),
	"lab":   set("laboratory laboratories labor"),
	"ctr":   set("center centre"),
	"sys":   set("system systems"),
	"mach":  set("machine machinery"),
	"agric": set("agriculture agricultural"),
	"soc":   set("society social"),
	"univ":  set("university universal"),
	"cas":   set("casualty"),
	"mun":   set("municipal municipality"),
	"pac":   set("pacific"),
	"nav":   set("navigation"),
	"exp":   set("export express"),
	"gen":   set("general"),
	"am":    set("american america"),
	"amer":  set("american america"),
	"bus":   set("business"),
	"auto":  set("automobile automotive"),
	"cong":  set("congress congressional congregation"),
	"affs":  set("affairs"),
	"n":     set("north northern"),
	"s":     set("south southern"),
	"e":     set("east eastern"),
	"w":     set("west western"),
	"nw":    set("northwest northwestern"),
	"ne":    set("northeast northeastern nebraska"),
	"sw":    set("southwest southwestern"),
	"se":    set("southeast southeastern"),
	"ala":   set("alabama"),
	"ariz":  set("arizona"),
	"ark":   set("arkansas"),
	"cal":   set("california"),
	"colo":  set("colorado"),
	"conn":  set("connecticut"),
	"del":   set("delaware"),
	"fla":   set("florida"),
	"ga":    set("georgia"),
	"ill":   set("illinois"),
	"kan":   set("kansas"),
	"ky":    set("kentucky"),
	"mass":  set("massachusetts"),
	"md":    set("maryland"),
	"mich":  set("michigan"),
	"minn":  set("minnesota"),
	"miss":  set("mississippi"),
	"mo":    set("missouri"),
	"mont":  set("montana"),
	"neb":   set("nebraska"),
	"nev":   set("nevada"),
	"okla":  set("oklahoma"),
	"pa":    set("pennsylvania"),
	"tenn":  set("tennessee"),
	"tex":   set("texas"),
	"va":    set("virginia"),
	"vt":    set("vermont"),
	"wash":  set("washington"),
	"wis":   set("wisconsin"),
	"wyo":   set("wyoming"),
}

// business are words that say what an organisation does or is: two of them are no
// misspelling of each other however few letters differ.
var business = func() map[string]bool {
	m := set(`premier premium energy energies health healthy care marine marina medical media metal metals mental capital capitol principal principle coast cost
food foods fund funds land lands line lines life home homes house houses power tower flower trade trades trading training tracking trucking mining milling
oil gas coal steel stone store stores storage solar sonar silver gold golden green blue black red white royal loyal real retail rental dental digital
global local mutual natural national rational regional original motor motors rotor hotel hotels hostel motel mobile marble market markets marketing
printing painting paint print plant plants planet planning plastic plastics plating logistics linguistics leasing lending legal regal
building boiling brewing baking banking fishing finishing shipping shopping sports transport exports imports airline airlines pipeline pipelines
consulting contracting construction instruction production protection products projects project process processing investment investments equipment management
securities security service services science sciences finance financial fiduciary insurance assurance industries industrial institute institution
community commodity communication communications commission committee commerce commercial county country county city town township village borough parish state estate
university universal federal general central continental intercontinental international interstate intrastate pacific atlantic arctic antarctic oceanic
church churches school schools college village hospital hospitality housing holding holdings partner partners parts sales sails seals union unity united unified
water waste paper pepper timber lumber rubber copper auto audio video radio studio studios electric electronic electronics mechanical chemical clinical medicine medication
brothers sisters sons daughters men women youth aged father mother senior junior north south east west first last second third`)
	for w := range orgWords {
		m[w] = true
	}
	for _, w := range bluebook {
		m[w] = true
	}
	for _, w := range captionWords {
		m[w] = true
	}
	return m
}()

// nations are names of countries and of states of the United States, of one word, and
// adjectives of them. Source: ISO 3166, as facts.
var nations = set(`afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain bangladesh barbados belarus belgium belize benin bhutan bolivia
bosnia botswana brazil brunei bulgaria burkina burundi cambodia cameroon canada chad chile china colombia comoros congo croatia cuba cyprus czechia denmark djibouti dominica ecuador egypt
eritrea estonia eswatini ethiopia fiji finland france gabon gambia georgia germany ghana greece grenada guatemala guinea guyana haiti honduras hungary iceland india indonesia iran iraq
ireland israel italy jamaica japan jordan kazakhstan kenya kiribati korea kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania luxembourg madagascar
malawi malaysia maldives mali malta mauritania mauritius mexico micronesia moldova monaco mongolia montenegro morocco mozambique myanmar namibia nauru nepal netherlands nicaragua niger
nigeria norway oman pakistan palau panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa senegal serbia seychelles singapore slovakia slovenia somalia spain
sudan suriname sweden switzerland syria taiwan tajikistan tanzania thailand togo tonga tunisia turkey turkmenistan tuvalu uganda ukraine uruguay uzbekistan vanuatu venezuela vietnam yemen
zambia zimbabwe austrian australian iranian iraqi indian indonesian chilean chinese nigerian nigerien slovak slovene slovenian malian malayan malaysian romanian russian ukrainian
alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan
minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia washington wisconsin wyoming`)

// twoWords says whether two words of organisations' names that differ in a few letters are
// two words, and no misspelling.
func twoWords(a, b word) bool {
	x, y := a.text, b.text
	switch {
	case nations[x] && nations[y]:
		return true
	case business[x] && business[y]:
		return !plural(x, y) && !plural(y, x)
	case given(a) && given(b):
		return !variantOf(x, y)
	}
	return twoNames(x, y)
}

func plural(one, many string) bool {
	return one+"s" == many || one+"es" == many || strings.TrimSuffix(one, "y")+"ies" == many
}

// described is what a text says after an organisation's name of what it is: "a Delaware
// corporation".
var described = regexp.MustCompile(`(?i)[\s,(]+an?\s+(?:[\w.]+\s+){0,4}(?:corporation|company|partnership|association|trust|municipality|entity|bank)\s*\)?\s*$`)

func withoutDescription(s string) string {
	if !strings.Contains(s, " a ") && !strings.Contains(s, " an ") && !strings.Contains(s, "(a") && !strings.Contains(s, "(A") && !strings.Contains(s, " A ") {
		return s
	}
	return described.ReplaceAllString(s, "")
}

// foreignTerms are business words of languages that write them without a space before the
// name, or in letters whose romanisation says little, by their English. Legal forms get
// their spaces.
var foreignTerms = func() *strings.Replacer {
	var pairs []string
	for line := range strings.Lines(`股份有限公司:=
有限责任公司:=
有限責任公司:有限责任公司
有限公司:=
株式会社:=
合同会社:=
有限会社:=
(株):株式会社
(有):有限会社
주식회사:=
유한회사:=
(주):주식회사
集团:group
集團:group
グループ:group
그룹:group
贸易:trading
貿易:trading
科技:technology
技术:technology
技術:technology
银行:bank
銀行:bank
은행:bank
投资:investment
投資:investment
实业:industry
實業:industry
工业:industry
工業:industry
산업:industries
중공업:heavy industries
国际:international
國際:international
国際:international
국제:international
电子:electronics
電子:electronics
전자:electronics
建设:construction
建設:construction
건설:construction
石油:petroleum
化工:chemical
化学:chemical
화학:chemical
进出口:import and export
進出口:import and export
保险:insurance
保險:insurance
保険:insurance
보험:insurance
证券:securities
證券:securities
証券:securities
증권:securities
控股:holdings
ホールディングス:holdings
홀딩스:holdings
发展:development
發展:development
大学:university
大學:university
대학교:university
自動車:motor
汽车:motor
자동차:motor
物流:logistics
能源:energy
医药:pharmaceutical
製薬:pharmaceutical
제약:pharmaceutical
航空:airlines
항공:airlines
中国:china
中國:china
日本:japan
한국:korea
香港:hong kong`) {
		term, meaning, _ := strings.Cut(strings.TrimSpace(line), ":")
		if meaning == "=" {
			meaning = term
		}
		pairs = append(pairs, fold(term), " "+meaning+" ")
	}
	return strings.NewReplacer(pairs...)
}()
