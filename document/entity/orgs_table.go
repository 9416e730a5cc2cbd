package entity

// corporateForms are the forms of business that end a name, and how they are
// written in a normal form.
var corporateForms = map[string]string{
	"inc": "Inc.", "incorporated": "Inc.", "corp": "Corp.", "corporation": "Corp.", "co": "Co.", "ltd": "Ltd.", "limited": "Ltd.",
	"llc": "LLC", "l.l.c": "LLC", "llp": "LLP", "l.l.p": "LLP", "lp": "LP", "l.p": "LP", "pllc": "PLLC", "p.l.l.c": "PLLC", "pc": "P.C.", "p.c": "P.C.",
	"p.a": "P.A.", "plc": "PLC", "p.l.c": "PLC", "n.a": "N.A.", "gmbh": "GmbH", "ag": "AG", "s.a": "S.A.", "b.v": "B.V.", "n.v": "N.V.", "s.p.a": "S.p.A.",
	"s.r.l": "S.r.l.", "s.a.r.l": "S.à r.l.", "pty": "Pty", "lllp": "LLLP", "l.c": "L.C.", "lc": "L.C.", "p.s": "P.S.", "s.c": "S.C.", "f.s.b": "F.S.B.", "fsb": "FSB", "a.s": "A.S.", "kk": "KK", "s.a.s": "S.A.S.",
	"company": "Company", "cos": "Cos.", "pbc": "PBC", "pte": "Pte.", "sarl": "S.à r.l.", "oy": "Oy", "ab": "AB", "aca": "ACA", "bhd": "Bhd", "kg": "KG", "apc": "APC", "pllp": "PLLP", "alc": "ALC",
}

// orgTails end an organisation's name: forms of business, then common nouns.
const orgTails = `Inc Incorporated Corp Corporation Co Ltd Limited LLC L.L.C LLP L.L.P LP L.P PLLC P.L.L.C P.C P.A PLC P.L.C N.A GmbH AG S.A B.V N.V S.p.A S.R.L L.C LLLP FSB F.S.B Pty PBC Pte SARL ACA Bhd KG APC PLLP ALC
Company Companies Bank Agency Commission Board Union Association Ass'n Foundation Institute Council Authority Bureau Committee Church Hospital University College Department Society League
Federation Partners Group Holdings Fund Trust District Administration Service Services Center Ministries Coalition Alliance Network Enterprises Industries Systems
Technologies Laboratories Pharmaceuticals Brotherhood Conference Chamber Guild Congress Airlines Railway Railroad Motors Project Organization Office`

// weakTails are orgTails that also end phrases that name nobody, so that more
// than one word must come before them.
var weakTails = map[string]bool{
	"district": true, "board": true, "fund": true, "trust": true, "group": true, "service": true, "services": true, "center": true, "committee": true, "department": true,
	"agency": true, "union": true, "company": true, "office": true, "conference": true, "project": true, "council": true, "commission": true, "bank": true, "church": true,
	"hospital": true, "systems": true, "network": true, "authority": true, "bureau": true, "congress": true, "chamber": true, "society": true, "partners": true, "industries": true,
	"college": true, "limited": true, "association": true, "organization": true, "administration": true, "league": true, "school": true, "institute": true, "companies": true, "corporation": true, "foundation": true,
}

// orgHeads begin "X of Y".
const orgHeads = `University College Bank Department Bureau Board Office City County Town Village State Commonwealth Church Diocese Archdiocese Association Institute
Division Federation Brotherhood People Society Regents Trustees Ministry Port Township Borough Parish Republic Knights Daughters Order Friends Lawyers Institutes Chamber Commissioner Sons
League Coalition Alliance Guild Museum`

// headsOrg are further nouns that an organisation's name has before "of".
var headsOrg = map[string]bool{
	"offices": true, "hospitals": true, "stores": true, "products": true, "sisters": true, "homes": true, "house": true, "properties": true, "physicians": true,
	"surgeons": true, "builders": true, "health": true, "insurance": true, "management": true, "museum": true, "school": true, "schools": true, "chapel": true,
	"temple": true, "academy": true, "clinic": true, "banks": true, "workers": true, "airport": true, "housing": true, "court": true, "courts": true,
}

// agencies are acronyms that stand alone, and what they mean. "=" separates the
// two. Source: the agency index of the Federal Register, and common use in filings.
const agencies = `AAA=American Arbitration Association
ACLU=American Civil Liberties Union
AFL-CIO=American Federation of Labor and Congress of Industrial Organizations
ATF=Bureau of Alcohol, Tobacco, Firearms and Explosives
BIA=Board of Immigration Appeals
BLM=Bureau of Land Management
BOP=Federal Bureau of Prisons
CBP=United States Customs and Border Protection
CDC=Centers for Disease Control and Prevention
CFPB=Consumer Financial Protection Bureau
CFTC=Commodity Futures Trading Commission
CIA=Central Intelligence Agency
CPSC=Consumer Product Safety Commission
DEA=Drug Enforcement Administration
DHS=United States Department of Homeland Security
DOJ=United States Department of Justice
DOL=United States Department of Labor
EEOC=Equal Employment Opportunity Commission
EPA=Environmental Protection Agency
FAA=Federal Aviation Administration
FBI=Federal Bureau of Investigation
FCC=Federal Communications Commission
FDA=Food and Drug Administration
FDIC=Federal Deposit Insurance Corporation
FEC=Federal Election Commission
FEMA=Federal Emergency Management Agency
FERC=Federal Energy Regulatory Commission
FHFA=Federal Housing Finance Agency
FINRA=Financial Industry Regulatory Authority
FTC=Federal Trade Commission
HHS=United States Department of Health and Human Services
HUD=United States Department of Housing and Urban Development
ICE=United States Immigration and Customs Enforcement
INS=Immigration and Naturalization Service
IRS=Internal Revenue Service
JAMS=JAMS
MSPB=Merit Systems Protection Board
NAACP=National Association for the Advancement of Colored People
NASA=National Aeronautics and Space Administration
NCAA=National Collegiate Athletic Association
NHTSA=National Highway Traffic Safety Administration
NLRB=National Labor Relations Board
NSA=National Security Agency
OFCCP=Office of Federal Contract Compliance Programs
OSHA=Occupational Safety and Health Administration
PBGC=Pension Benefit Guaranty Corporation
SBA=Small Business Administration
SEC=Securities and Exchange Commission
SSA=Social Security Administration
TSA=Transportation Security Administration
USCIS=United States Citizenship and Immigration Services
USDA=United States Department of Agriculture
USPS=United States Postal Service
USPTO=United States Patent and Trademark Office
VA=United States Department of Veterans Affairs`
