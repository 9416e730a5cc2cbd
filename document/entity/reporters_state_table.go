package entity

// stateReporters are the reporters of one state's courts, in the form and from
// the sources of federalReporters.
const stateReporters = `
Ala. = Alabama
Ala. App.
Port. = Porter
Stew. & P. = Stew. & Port.
Alaska
Ariz.
Ariz. App. = Ariz. Ct. App.
Ark.
Ark. App.
Cal. 2d 3d 4th 5th
Cal. App. 2d 3d 4th 5th
Cal. App. Supp.
Cal. App. 2d Supp. = Cal. App. Supp. 2d
Cal. App. 3d Supp. = Cal. App. Supp. 3d
Cal. App. 4th Supp. = Cal. App. Supp. 4th
Cal. App. 5th Supp. = Cal. App. Supp. 5th
Cal. Unrep.
Coffey Prob. = Coffey
Colo.
Colo. App. = Col. App.
Conn.
Conn. App.
Conn. Supp.
Conn. Cir. Ct.
Day
Root
Kirby
Del.
Del. Ch.
Del. Cas.
Harr. = Harrington
Houst. = Houston
Boyce
Marv.
Penne. = Pennewill
D.C.
Mackey
MacArth.
Fla.
Fla. L. Weekly
Fla. L. Weekly Supp.
Fla. L. Weekly Fed. D
Fla. L. Weekly Fed. S
Fla. L. Weekly Fed. C
Fla. L. Weekly S
Fla. L. Weekly D
Fla. Supp. 2d
Ga.
Ga. App.
Ga. Supp. = Suppl. Ga.
Haw. = Hawaii = Hawai'i
Haw. App.
Idaho
Ill. 2d
Ill. App. 2d 3d
Ill. Ct. Cl.
Breese
Scam. = Scammon
Gilm. = Gilman
Ind.
Ind. App. = Ind. Ct. App.
Blackf.
Iowa = Ia.
Greene
Kan. = Kans.
Kan. App. 2d
Ky.
Ky. L. Rptr. = Ky. Law Rep.
A.K. Marsh.
J.J. Marsh.
T.B. Mon.
B. Mon.
Bibb
Bush
Dana
Duv.
Hard. = Hardin
Litt.
Met. = Metc.
La.
La. Ann. = La. An.
La. App.
Mart. = Martin
Rob. = Robinson
Me. = Maine
Md. = Maryland
Md. App.
Md. Ch.
Gill
G. & J. = Gill & J. = Gill & Johns.
H. & J. = Harr. & J. = Har. & J.
H. & McH. = Har. & McH.
Bland
Mass.
Mass. App. Ct.
Mass. App. Div.
Mass. L. Rptr. = Mass. L. Rep. = Mass. Law Rep.
Allen
Cush.
Gray
Pick.
Mich.
Mich. App.
Doug.
Walk. Ch.
Minn. = Gil.
Miss.
Miss. App.
S. & M. = Smedes & M.
Mo.
Mo. App.
Mont.
Neb.
Neb. App.
Nev.
Nev. Adv. Op. = Nev. Adv. Rep. = Nev. Adv. Op. No.
N.H.
N.J.
N.J. Super.
N.J. Eq. = N.J. Equity
N.J.L. = N.J. Law = N.J. L.
N.J. Misc.
N.J. Tax
N.M.
N.M. App.
N.Y. 2d 3d
A.D. 2d 3d 4th = App. Div. = N.Y. App. Div.
Misc. 2d 3d = N.Y. Misc.
Barb. = Barber
Barb. Ch.
Hun
Wend. = Wendell
Johns. = Johnson
Johns. Ch.
Johns. Cas.
Cow. = Cowen
Cai. = Caines
Cai. Cas.
Paige = Paige Ch.
Sandf.
Sandf. Ch.
Edw. Ch.
Hoff. Ch.
Denio
Hill
Hill & Den.
Keyes
Lans.
Robt.
Sweeny
Daly
Duer
Bosw.
E.D. Smith
Hilt.
How. Pr.  = How. Prac.
Abb. Pr. = Abb. Prac.
Abb. N. Cas.
Abb. Ct. App. = Abb. App. Dec.
Lock. Rev. Cas.
Dem. Sur. = Dem. Surr.
Redf.
Bradf.
N.Y. St. Rep. = N.Y. State Rep.
N.Y. Crim.
N.C.
N.C. App.
N.D.
Ohio
Ohio St. 2d 3d = O.S.
Ohio App. 2d 3d = O. App.
Ohio Misc. 2d
Ohio C.C. = Ohio Cir. Ct.
Ohio C.C. (n.s.)
Ohio Cir. Dec. = Ohio C.D.
Ohio N.P.
Ohio Dec.
Ohio Dec. Reprint
Ohio Law Abs. = Ohio L. Abs.
Ohio B. = Ohio Bar Rep. = OBR
Ohio Op. 2d 3d
Okla. = Ok.
Okla. Crim.
Ind. Terr.
Or. = Ore. = Oreg.
Or. App. = Ore. App.
Or. Tax
Pa. = Penn.
Pa. Super. = Pa. Superior Ct. = Pa. Super. Ct.
Pa. Commw. = Pa. Cmwlth. = Pa. Commonwealth Ct. = Pa. Comm.
Pa. D. & C. 2d 3d 4th 5th = D. & C.
Pa. D. = Pa. Dist.
Watts
W. & S. = Watts & Serg.
Whart. = Wharton
Rawle
Serg. & Rawle = Serg. & R. = S. & R. = Serg. & Rawl.
Binn. = Binney
Yeates
Barr = Pa. St.
Phila.
P.R. = P.R.R.
P.R. Dec. = D.P.R.
P.R. Offic. Trans.
R.I.
S.C.
S.C. Eq.
S.C.L.
Rich. = Rich. Law
Rich. Eq.
Strob.
Hill Eq.
McCord = McC.
Bail. = Bailey
N. & McC. = Nott & McC.
S.D.
Dakota = Dak.
Tenn.
Tenn. App.
Tenn. Crim. App.
Heisk.
Humph.
Cold. = Coldw.
Sneed
Swan
Yer. = Yerg.
Baxt.
Lea
Head
Tex.
Tex. Supp.
Tex. Civ. App.
Tex. Crim. = Tex. Cr. = Tex. Cr. R. = Tex. Crim. App. = Tex. Cr. App.
Tex. Ct. App. = Tex. App.
Tex. Sup. Ct. J.
Posey
Utah 2d
Vt. = Verm.
Aik.
Va.
Va. App.
Va. Cir.
Gratt. = Grattan
Leigh
Munf.
Hen. & M.
Rand.
Call
V.I.
Wash. 2d = Wn.
Wash. App. 2d = Wn. App.
Wash. Terr.
W. Va.
Wis. 2d = Wisc.
Pin. = Pinn.
Wyo.
Guam
Navajo Rptr.
Am. Samoa = A.S.R.
N. Mar. I. = N.M.I.`

// neutralCourts are the court codes of public-domain citations ("2014 IL
// 115811"), each state's own rules being the source.
const neutralCourts = `AK AL AR AZ CO COA CR ID IL KY LA ME MN MO MS MT NC NCSC NCCOA NCBC ND NH NM NMSC NMCA NMCERT NV OH OK
Ohio PA PR PTAB SC SD UT UTApp VI VT WA WI WY DNH DCA GU Guam MP NY HI IN KS MA MD MI NE NJ OR RI TN TX VA WV GA FL DE CT CA
DJCAR JTS NMI FED ARK NDApp OKCR OKCIVAPP`
