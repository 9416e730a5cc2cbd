package entity

// jurisdiction is a state, the federal district or a territory. divisions are
// the initials of its federal judicial districts' divisions (Northern, Southern,
// Eastern, Western, Middle, Central), "" for one undivided district, "-" for
// none of its own.
type jurisdiction struct{ name, abbr, postal, divisions string }

// states are in the order of their names. Sources: 28 U.S.C. §§ 81-131 for the
// districts; The Bluebook, table T10, for abbreviations; USPS Publication 28.
var states = []jurisdiction{
	{"Alabama", "Ala.", "AL", "NMS"}, {"Alaska", "Alaska", "AK", ""}, {"Arizona", "Ariz.", "AZ", ""}, {"Arkansas", "Ark.", "AR", "EW"},
	{"California", "Cal.", "CA", "NECS"}, {"Colorado", "Colo.", "CO", ""}, {"Connecticut", "Conn.", "CT", ""}, {"Delaware", "Del.", "DE", ""},
	{"District of Columbia", "D.C.", "DC", ""}, {"Florida", "Fla.", "FL", "NMS"}, {"Georgia", "Ga.", "GA", "NMS"}, {"Hawaii", "Haw.", "HI", ""},
	{"Idaho", "Idaho", "ID", ""}, {"Illinois", "Ill.", "IL", "NCS"}, {"Indiana", "Ind.", "IN", "NS"}, {"Iowa", "Iowa", "IA", "NS"},
	{"Kansas", "Kan.", "KS", ""}, {"Kentucky", "Ky.", "KY", "EW"}, {"Louisiana", "La.", "LA", "EMW"}, {"Maine", "Me.", "ME", ""},
	{"Maryland", "Md.", "MD", ""}, {"Massachusetts", "Mass.", "MA", ""}, {"Michigan", "Mich.", "MI", "EW"}, {"Minnesota", "Minn.", "MN", ""},
	{"Mississippi", "Miss.", "MS", "NS"}, {"Missouri", "Mo.", "MO", "EW"}, {"Montana", "Mont.", "MT", ""}, {"Nebraska", "Neb.", "NE", ""},
	{"Nevada", "Nev.", "NV", ""}, {"New Hampshire", "N.H.", "NH", ""}, {"New Jersey", "N.J.", "NJ", ""}, {"New Mexico", "N.M.", "NM", ""},
	{"New York", "N.Y.", "NY", "NSEW"}, {"North Carolina", "N.C.", "NC", "EMW"}, {"North Dakota", "N.D.", "ND", ""}, {"Ohio", "Ohio", "OH", "NS"},
	{"Oklahoma", "Okla.", "OK", "NEW"}, {"Oregon", "Or.", "OR", ""}, {"Pennsylvania", "Pa.", "PA", "EMW"}, {"Rhode Island", "R.I.", "RI", ""},
	{"South Carolina", "S.C.", "SC", ""}, {"South Dakota", "S.D.", "SD", ""}, {"Tennessee", "Tenn.", "TN", "EMW"}, {"Texas", "Tex.", "TX", "NESW"},
	{"Utah", "Utah", "UT", ""}, {"Vermont", "Vt.", "VT", ""}, {"Virginia", "Va.", "VA", "EW"}, {"Washington", "Wash.", "WA", "EW"},
	{"West Virginia", "W. Va.", "WV", "NS"}, {"Wisconsin", "Wis.", "WI", "EW"}, {"Wyoming", "Wyo.", "WY", ""},
	{"Puerto Rico", "P.R.", "PR", ""}, {"Guam", "Guam", "GU", ""}, {"Virgin Islands", "V.I.", "VI", ""},
	{"Northern Mariana Islands", "N. Mar. I.", "MP", ""}, {"American Samoa", "Am. Samoa", "AS", "-"},
}

var divisions = map[string]string{"N": "Northern", "S": "Southern", "E": "Eastern", "W": "Western", "M": "Middle", "C": "Central"}

// tribunals are federal courts and boards that decide cases, by their name and,
// where it is in use, their short one.
var tribunals = [][2]string{
	{"United States Tax Court", "U.S. Tax Court"},
	{"United States Court of Federal Claims", "U.S. Court of Federal Claims"},
	{"United States Court of International Trade", "U.S. Court of International Trade"},
	{"United States Court of Appeals for Veterans Claims", "U.S. Court of Appeals for Veterans Claims"},
	{"United States Court of Appeals for the Armed Forces", "U.S. Court of Appeals for the Armed Forces"},
	{"United States Court of Claims", "U.S. Court of Claims"},
	{"United States Court of Customs and Patent Appeals", "U.S. Court of Customs and Patent Appeals"},
	{"United States Judicial Panel on Multidistrict Litigation", "JPML"},
	{"United States Judicial Panel on Multidistrict Litigation", "Judicial Panel on Multidistrict Litigation"},
	{"United States Judicial Panel on Multidistrict Litigation", "United States Judicial Panel for Multidistrict Litigation"},
	{"Patent Trial and Appeal Board", "PTAB"},
	{"Trademark Trial and Appeal Board", "TTAB"},
	{"Board of Immigration Appeals", "Board of Immigration Appeals"},
	{"Foreign Intelligence Surveillance Court", "United States Foreign Intelligence Surveillance Court"},
}

var circuits = []string{"First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh"}
