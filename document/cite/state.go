package cite

// A state, the federal district or a territory.
type state struct {
	name, abbr, postal string
	// divisions are the initials of its federal judicial districts' divisions, ""
	// for one undivided district, "-" for none of its own.
	divisions string
	// fed is what its federal courts' identifiers begin with, if that is not the
	// postal code; own is its highest court's, and appeals the next one's.
	fed, own, appeals string
}

// states are in the order of their names. Sources: 28 U.S.C. §§ 81-131; The
// Bluebook, tables T1 and T10; courts-db for identifiers.
var states = []state{
	{"Alabama", "Ala.", "AL", "NMS", "", "ala", "alactapp"}, {"Alaska", "Alaska", "AK", "", "", "alaska", "alaskactapp"},
	{"Arizona", "Ariz.", "AZ", "", "", "ariz", "arizctapp"}, {"Arkansas", "Ark.", "AR", "EW", "", "ark", "arkctapp"},
	{"California", "Cal.", "CA", "NECS", "", "cal", "calctapp"}, {"Colorado", "Colo.", "CO", "", "", "colo", "coloctapp"},
	{"Connecticut", "Conn.", "CT", "", "", "conn", "connappct"}, {"Delaware", "Del.", "DE", "", "", "del", "delsuperct"},
	{"District of Columbia", "D.C.", "DC", "", "", "dc", "dc"}, {"Florida", "Fla.", "FL", "NMS", "", "fla", "fladistctapp"},
	{"Georgia", "Ga.", "GA", "NMS", "", "ga", "gactapp"}, {"Hawaii", "Haw.", "HI", "", "", "haw", "hawapp"},
	{"Idaho", "Idaho", "ID", "", "", "idaho", "idahoctapp"}, {"Illinois", "Ill.", "IL", "NCS", "", "ill", "illappct"},
	{"Indiana", "Ind.", "IN", "NS", "", "ind", "indctapp"}, {"Iowa", "Iowa", "IA", "NS", "", "iowa", "iowactapp"},
	{"Kansas", "Kan.", "KS", "", "", "kan", "kanctapp"}, {"Kentucky", "Ky.", "KY", "EW", "", "ky", "kyctapp"},
	{"Louisiana", "La.", "LA", "EMW", "", "la", "lactapp"}, {"Maine", "Me.", "ME", "", "", "me", "me"},
	{"Maryland", "Md.", "MD", "", "", "md", "mdctspecapp"}, {"Massachusetts", "Mass.", "MA", "", "", "mass", "massappct"},
	{"Michigan", "Mich.", "MI", "EW", "", "mich", "michctapp"}, {"Minnesota", "Minn.", "MN", "", "", "minn", "minnctapp"},
	{"Mississippi", "Miss.", "MS", "NS", "", "miss", "missctapp"}, {"Missouri", "Mo.", "MO", "EW", "", "mo", "moctapp"},
	{"Montana", "Mont.", "MT", "", "", "mont", "mont"}, {"Nebraska", "Neb.", "NE", "", "", "neb", "nebctapp"},
	{"Nevada", "Nev.", "NV", "", "", "nev", "nevapp"}, {"New Hampshire", "N.H.", "NH", "", "", "nh", "nh"},
	{"New Jersey", "N.J.", "NJ", "", "", "nj", "njsuperctappdiv"}, {"New Mexico", "N.M.", "NM", "", "", "nm", "nmctapp"},
	{"New York", "N.Y.", "NY", "NSEW", "", "ny", "nyappdiv"}, {"North Carolina", "N.C.", "NC", "EMW", "", "nc", "ncctapp"},
	{"North Dakota", "N.D.", "ND", "", "", "nd", "ndctapp"}, {"Ohio", "Ohio", "OH", "NS", "", "ohio", "ohioctapp"},
	{"Oklahoma", "Okla.", "OK", "NEW", "", "okla", "oklacivapp"}, {"Oregon", "Or.", "OR", "", "", "or", "orctapp"},
	{"Pennsylvania", "Pa.", "PA", "EMW", "", "pa", "pasuperct"}, {"Rhode Island", "R.I.", "RI", "", "", "ri", "ri"},
	{"South Carolina", "S.C.", "SC", "", "", "sc", "scctapp"}, {"South Dakota", "S.D.", "SD", "", "", "sd", "sd"},
	{"Tennessee", "Tenn.", "TN", "EMW", "", "tenn", "tennctapp"}, {"Texas", "Tex.", "TX", "NESW", "", "tex", "texapp"},
	{"Utah", "Utah", "UT", "", "", "utah", "utahctapp"}, {"Vermont", "Vt.", "VT", "", "", "vt", "vt"},
	{"Virginia", "Va.", "VA", "EW", "", "va", "vactapp"}, {"Washington", "Wash.", "WA", "EW", "", "wash", "washctapp"},
	{"West Virginia", "W. Va.", "WV", "NS", "", "wva", "wvactapp"}, {"Wisconsin", "Wis.", "WI", "EW", "", "wis", "wisctapp"},
	{"Wyoming", "Wyo.", "WY", "", "", "wyo", "wyo"},
	{"Puerto Rico", "P.R.", "PR", "", "", "prsupreme", "prapp"}, {"Guam", "Guam", "GU", "", "", "guam", "guam"},
	{"Virgin Islands", "V.I.", "VI", "", "", "virginislands", "virginislands"},
	{"Northern Mariana Islands", "N. Mar. I.", "MP", "", "nm", "nmariana", "nmariana"}, {"American Samoa", "Am. Samoa", "AS", "-", "", "amsamoa", "amsamoa"},
}
