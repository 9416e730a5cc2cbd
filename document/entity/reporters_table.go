package entity

// Reporters of decisions, one a line: the abbreviation, the later series, then
// "=" and other spellings of it. Spaces, stops and apostrophes do not count when
// they are compared. Sources of these facts: The Bluebook, tables T1 and T2, and
// the Free Law Project's reporters-db (BSD-2-Clause).

const federalReporters = `
U.S. = U.S.R.
S. Ct. = Sup. Ct. = Sup. Ct. Rep. = S.C.R.
L. Ed. 2d = Law. Ed. = L. Edition
U.S.L.W. = USLW
U.S. App. D.C. = App. D.C.
F. 2d 3d 4th = Fed. Rep. = Fed. R.
F. App'x = F. Appx. = Fed. Appx. = Fed. App'x = F. App. = Fed. App.
F. Supp. 2d 3d 4th = Fed. Supp. = F. Sup.
F. Cas. = Fed. Cas.
F.R.D. = Fed. R. Dec. = Fed. Rules Dec.
Fed. R. Serv. 2d 3d
Fed. R. Evid. Serv.
B.R. = Bankr. Rep. = Bankr.
Am. B.R.
Bankr. Ct. Dec.
Collier Bankr. Cas. 2d = C.B.C.
Fed. Cl. = Fed. Claims
Cl. Ct. = Claims Ct.
Ct. Cl. = Court Cl.
C.C.P.A. = CCPA
Cust. Ct. = Cust. B. & Dec.
Ct. Int'l Trade = C.I.T.
C.M.A. = U.S.C.M.A.
C.M.R.
M.J. = Mil. Just.
T.C. = Tax Ct.
T.C.M. = T.C. Memo.
B.T.A.
Vet. App. = Vet. App
Dall. = Dallas
Cranch = Cr.
Wheat. = Wheaton
Pet. = Peters
How. = Howard
Black
Wall. = Wallace
U.S.P.Q. 2d
I. & N. Dec. = I&N Dec. = IN Dec.
N.L.R.B. = NLRB
F.C.C. 2d = FCC
FCC Rcd. = F.C.C. Rcd.
F.T.C. = FTC
S.E.C. = SEC Dec.
I.C.C. 2d
FERC
F.P.C.
M.S.P.R.
E.A.D.
N.R.C.
Comp. Gen.
Op. Att'y Gen. = Op. Atty. Gen. = Ops. Atty. Gen.
Op. O.L.C.
Interior Dec. = Pub. Lands Dec.
Dec. Comm'r Pat.
App. Com'r Pat.
A.F.T.R. 2d = A.F.T.R. (RIA)
U.S. Tax Cas. (CCH) = U.S. Tax Cas. = USTC = U.S.T.C.
L.R.R.M. = LRRM
Lab. Cas. (CCH) = Lab. Cas.
Wage & Hour Cas. (BNA) = Wage & Hour Cas. = WH Cases = Wage & Hour Cas. 2d
Fair Empl. Prac. Cas. (BNA) = Fair Empl. Prac. Cas. = FEP Cases = F.E.P. Cases
Empl. Prac. Dec. (CCH) = Empl. Prac. Dec.
I.E.R. Cas. (BNA) = I.E.R. Cas. = IER Cases
Am. Disabilities Cas. (BNA) = Am. Disabilities Cas. = A.D. Cases = AD Cases
Trade Cas. (CCH) = Trade Cas.
Trade Reg. Rep. (CCH) = Trade Reg. Rep.
Fed. Sec. L. Rep. (CCH) = Fed. Sec. L. Rep.
Comm. Fut. L. Rep. (CCH) = Comm. Fut. L. Rep.
Blue Sky L. Rep. (CCH) = Blue Sky L. Rep.
Bankr. L. Rep.
Copyright L. Dec. (CCH) = Copyright L. Dec. = Copr. L. Dec.
Cont. Cas. Fed. (CCH) = Cont. Cas. Fed.
Bankr. L. Rep. = Bankr. Law Rep.
Nuclear Reg. Rep. (CCH) = Nuclear Reg. Rep.
Pens. Plan Guide (CCH) = Pens. Plan Guide
Energy Mgmt. (CCH) = Energy Mgmt. = Energy Mgt.
Env't Rep. Cas. (BNA) = Env't Rep. Cas. = ERC
Envtl. L. Rep. = E.L.R.
Media L. Rep. (BNA) = Media L. Rep.
RICO Bus. Disp. Guide (CCH) = RICO Bus. Disp. Guide
U.C.C. Rep. Serv. 2d = UCC Rep. Serv.
A.M.C. = AMC
Av. Cas. = Avi. Cas.
A.L.R. 2d 3d 4th 5th 6th 7th = ALR
A.L.R. Fed. 2d 3d
L.R.A. = L.R.A. (N.S.)
Am. Dec.
Am. Rep.
Am. St. Rep. = Am. State Rep.
Ann. Cas.
Am. Ann. Cas.
Am. Jur. 2d = Amer. Jur.
Am. Law Reg.
Blatchf. = Blatch.
Blatchf. Pr. Cas.
Abb. Adm.
Abb. = Abb. U.S.
Ben.
Biss.
Bond
Brock.
Cliff.
Crabbe
Curt.
Deady
Dill.
Fish. Pat. Cas.
Flip.
Gall.
Gilp.
Hask.
Holmes
Hughes
Low.
Mason
McAll.
McCrary
McLean
Newb. Adm. = Newb.
Olcott = Olc.
Paine
Pet. C.C.
Saw. = Sawy.
Sprague
Story
Sumn.
Taney
Wall. Jr.
Wash. C.C.
Woodb. & M. = Woodb. & Min.
Woods
Woolw.
Ware
Hayw. & H. = Hay. & Haz.
Int. Rev. Rec.
Leg. Int.
Chi. Leg. News = Chi. Leg. N.
Cent. L.J. = Cent. Law J.`

const regionalReporters = `
A. 2d 3d = Atl. = At.
N.E. 2d 3d = No. East. Rep.
N.W. 2d 3d = N. West Rep.
P. 2d 3d = Pac. = Pac. Rep.
S.E. 2d 3d = So. East. Rep.
S.W. 2d 3d = So. West. Rep.
So. 2d 3d = South. = South. Rep.
N.Y.S. 2d 3d = N.Y. Supp. = NYS
Cal. Rptr. 2d 3d = Calif. Rptr.
Ill. Dec.`
