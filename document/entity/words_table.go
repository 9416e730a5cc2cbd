package entity

// Words that rules begin with or stop at. Titled words count in capitals too.
const (
	statuteHeads = `Pub Public Pub.L Pub.L.No P.L W N Am Fed FRCP FRCR FRE FRAP F.R.C.P F.R.Civ.P F.R.E Fed.R.Civ.P Fed.R.Crim.P Fed.R.App.P Fed.R.Evid Fed.R.Bankr.P Federal
Rule Rules Section Sections section sections SECTION Title Sec Secs U.S United Article First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth
Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth Twentieth Twenty-First Twenty-Second Twenty-Fourth Twenty-first Twenty-fourth
N.C.G.S O.C.G.A RCW R.C.W C.R.S K.S.A N.J.S.A NRS N.R.S ORS O.R.S MCL MCLA MCLS M.C.L H.R.S HRS SDCL NDCC RSA RSMo K.R.S KRS T.C.A A.R.S I.C R.C D.C M.G.L G.L A.C.A
WAC OAR UCC U.C.C USSG U.S.S.G
Bankruptcy R Code Civ Pen Penal Evid Gov Lab Bus Health Fam Prob Veh Corp Ins Welf Rev Elec Water Unemp title`

	courtHeads = `United U.S U Supreme Superior Court Courts Northern Southern Eastern Western Middle Central District Appellate Bankruptcy First Second Third
Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Federal D.C N.D S.D E.D W.D M.D C.D D S.D.N.Y E.D.N.Y N.D.N.Y W.D.N.Y SDNY EDNY NDNY WDNY D.D.C D.N.J
D.S.C D.N.H D.N.M D.N.D D.S.D D.R.I D.P.R E.D.N.C M.D.N.C W.D.N.C D.V.I PTAB TTAB JPML Judicial Patent Trademark Board Tax Foreign`

	courtKinds = `Supreme Superior Circuit District Appellate Family Probate Juvenile Municipal Justice City County Surrogate Surrogates Orphans Chancery
Commonwealth Tax Land Housing Civil Criminal Magistrate Magistrates Police Mayor Judicial Trial Youth Common Pleas Town Village Parish Bankruptcy Recorder
Environmental Drug Water Corporation Hustings Prerogative Tribal Traffic Domestic Relations Children Insolvency`

	judgeTitles = `Judge Justice Hon Honorable Chancellor`
	judgeTails  = `Judge Judges Justice Justices J JJ C.J P.J A.J J.P Ch.J A.P.J D.J M.J U.S.D.J U.S.M.J J.A.D Chancellor Magistrate`

	honorifics = `Mr Mrs Ms Miss Dr Messrs Prof Professor Attorney Detective Officer Sergeant Sgt Deputy Sheriff Lieutenant Lt Captain Capt Rev Reverend Sen Senator Rep
Representative Gov Governor President Secretary Agent Trooper Warden Mayor`

	nameTails = `Jr Sr II III IV Esq Esquire`
	particles = `de del della der den van von la le di da dos du st bin ibn al el ter ten y De Del Van Von La Le Di Da Du St Mc`
	orgWords  = `of and the for & in to on de`

	partyWords = `Plaintiff Plaintiffs Defendant Defendants Petitioner Petitioners Respondent Respondents Appellant Appellants Appellee Appellees
Intervenor Intervenors Claimant Claimants Debtor Debtors Creditor Movant Movants Relator Amicus Amici Counterclaimant Cross-Appellant Cross-Appellee
Plaintiff-Appellant Plaintiffs-Appellants Plaintiff-Appellee Plaintiffs-Appellees Defendant-Appellant Defendants-Appellants Defendant-Appellee
Defendants-Appellees Petitioner-Appellant Petitioner-Appellee Respondent-Appellee Respondent-Appellant Third-Party Counter-Defendant Counter-Claimant
Plaintiff-Respondent Defendant-Respondent Defendant-Petitioner Plaintiff-Petitioner Plaintiff-Intervenor Intervenor-Defendant
Cross-Defendant Cross-Complainant Counterclaim-Plaintiff Counterclaim-Defendant Garnishee Receiver Trustee Witness Counsel`

	// openers begin sentences and headings.
	openers = `The A An This That These Those In On At By For From To Of With Without Under Over After Before During Since Until While When Where Whereas
Which Who Whom Whose What Why How If Because Although Though Even Unless And But Or Nor So Yet As Not No Yes It Its He She They We You I His Her Their Our Your My
Him Them Us Me There Here Then Thus Therefore Hence However Moreover Furthermore Finally First Second Third Next Also Accordingly Additionally Similarly Likewise
Instead Indeed Nonetheless Nevertheless Meanwhile See Cf Id Ibid Compare Accord Contra Upon Between Among Against Both Either Neither Each Every All Any Some Such
Many Most Several Few One Two Three Four Five Only Once Again Further Rather Given Given Having Being Based Regarding Concerning Pursuant Because Is Are Was Were
Be Been Has Have Had Do Does Did Will Would Shall Should May Might Can Could Must Let Please Dear Re Cc Via Per Ex Versus Appeal Appeals Argued Submitted Decided Filed
Dated Entered Signed Attest Present Before Affirmed Reversed Remanded Vacated Dismissed Denied Granted Ordered Adjudged Decreed Whether Within Through Throughout
Following Consequently Specifically Generally Relevant According Rule Count Counts Page Pages Docket Dkt Doc Document Exhibit Exhibits Attachment Appendix Part Section Sections
Chapter Title Article Amendment Act Code Paragraph Footnote Note Notes Order Orders Opinion Judgment Motion Motions Brief Briefs Complaint Petition Notice Reply
Response Answer Stipulation Declaration Affidavit Transcript Memorandum Table Contents Syllabus Introduction Background Discussion Analysis Conclusion Facts 
Statement Summary Argument Arguments Held Granting Denying Affirming Reversing Remanding Vacating Footnotes Date Time Subject Attn Attention Telephone Phone Facsimile Fax Email Tel Direct Website Address
Hi Hello Hey Name Signature Print Case Cases Number Numbers No Nos Vol Volume Issue`

	streetWords = `Street Avenue Boulevard Road Drive Lane Suite Floor Building Courthouse Plaza Highway Parkway Square Room Box P.O Ave Blvd Rd Ste Hwy Tower Terrace`

	// noNames are capitalised words of legal prose that are no part of a
	// person's name.
	noNames = `Court Courts Supreme Superior Circuit District Appellate Bankruptcy Federal State States United National American America County City Town Village Judge Judges
Justice Justices Magistrate Chief Honorable Hon Clerk Attorney Attorneys General Solicitor Counsel Esq Esquire Law Laws Legal Due Process Equal Protection Clause Clauses Constitution
Constitutional Commerce Supremacy Amendment Amendments Bill Rights Civil Criminal Procedure Evidence Rules Federal Government Congress Senate House Committee Commission Commissioner
Agency Department Bureau Office Board Council Authority Administration Service Services Secretary Director President Governor Mayor Senator Representative Company Corporation Corp Inc
LLC LLP Ltd Bank Trust Fund Group Partners Partnership Association Union Society Foundation Institute University College School Hospital Church Center Medical Health Insurance
Plaintiff Plaintiffs Defendant Defendants Petitioner Petitioners Respondent Respondents Appellant Appellants Appellee Appellees Party Parties Jury Trial Grand Bench Summary Preliminary
Permanent Temporary Restraining Injunction Relief Claim Claims Class Action Actions Fact Facts Issue Issues Question Questions Answer Answers Exhibit North South East West Northern Southern Eastern Western
New York Street Avenue Road Reporter Decisions Term October Slip Per Curiam En Banc Certiorari Writ Habeas Corpus Pro Se Ex Parte Amicus Curiae Amici Et Al Inter Alia
Contract Agreement Compact Treaty Security Securities Exchange Social Medicare Medicaid Internal Revenue Tax Patent Trademark Copyright Labor Employment Environmental
Antitrust Immigration Education Energy Homeland Defense Treasury Commerce Interior Agriculture Transportation Housing Urban Human Resources Veterans Affairs River Lake Valley Park Island
Monday Tuesday Wednesday Thursday Friday Saturday Sunday Inmate Prison Jail Police Sheriff Officer Detective Agent Deputy Warden English Spanish French Chinese Indian Black White Hispanic
Asian African European British Mexican Canadian Christmas Thanksgiving God Bible Internet Web Google Plan Policy Program Project Report Record Records Report Letter
Advocate Presiding Standard Review Bay Area Enforcement Disciplinary Appellate Division Panel Chambers Courtroom Clerk Deputy Reporter Interpreter Bailiff Foreperson Juror Witness Witnesses Expert Prosecutor Government Commonwealth People Republic
Restatement Model Uniform Commercial Penal Probate Family Juvenile Municipal Vehicle Labor Business Professions Evidence Welfare Institutions Revised Statutes Statute Annotated
Instruction Instructions Verdict Sentence Sentencing Guidelines Guideline Offense Offenses Felony Misdemeanor Count Degree Murder Robbery Burglary Assault Battery Homicide
Limited Liability Joint Venture Enterprises Industries International Systems Technologies Holdings Solutions Construction Properties Realty Management Capital Financial Products Manufacturing
Electric Power Gas Water Oil Steel Railroad Railway Airlines Motors Stores Foods Pharmaceuticals Laboratories Communications Media News Times Post Press Journal Review Magazine
Amended Second Third First Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Circuit Jurisdiction Venue Standing Merits Discovery Deposition Interrogatories Admission Appearance
Notary Public Shorthand Certified Certificate Service Compliance Length Corporate Disclosure Mail Electronic Filing Case Number Manager Page Filed Entry Document Docket Date Doc Cite Dist Dept Supp App Ct Cir Div Rev`
)
