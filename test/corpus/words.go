package corpus

import "strings"

// Lists that names are made of. People, companies and firms are invented by
// combining them; cities, counties and courts are real.

var givenNames = strings.Fields(`
Abigail Adaeze Alicia Amara Anders Andrea Anil Anton Beatriz Bettina Bruno Calvin Camille Carla Cedric Charlotte Clara Conrad Cyrus
Dalia Damian Daphne Desmond Diego Dolores Edith Elena Elias Emeka Erin Esther Evelyn Farid Felix Fiona Florence Frederick Gideon
Gloria Graciela Gregory Hannah Harriet Hector Helen Hugo Imogen Ines Irving Isaac Ivana Jasper Joanna Joaquin Josephine Judith
Julian Karim Katherine Keiko Kenneth Laila Lars Leonard Lillian Lorenzo Lucinda Magnus Malik Marcus Margaret Marisol Martin
Matilda Miriam Mohan Nadia Naomi Nathaniel Nicholas Nora Octavia Oliver Olga Omar Oscar Paloma Patrick Paula Pedro Philippa Quentin
Rafael Ramona Rebecca Reginald Rhea Robert Rosalind Rupert Samir Sandra Sebastian Serena Silvia Simon Sofia Stefan Tamara Theodore
Theresa Tobias Ursula Valerie Vanessa Victor Vikram Walter Wendy Wilhelmina Winston Yolanda Yusuf Zachary Zelda`)

var surnames = strings.Fields(`
Abernathy Achterberg Adeyemi Aldaine Alvarado Ambrose Ashdown Baptiste Barrowclough Bellingham Benavides Bergstrom Blackwood Boateng
Bonneville Brackenridge Brightwater Calloway Carvalho Castellano Chakrabarti Chamberlain Cholmondeley Corrigan Crandall Dacosta
Dalrymple Delacroix Demarco Dietrich Donnelly Drummond Eastbrook Edelstein Ekström Ellsworth Enright Espinoza Fairweather Farnsworth
Featherstone Ferreira Fitzgerald Fontaine Galbraith Gallagher Gershwin Gillespie Goldfarb Granville Greenhalgh Gunderson Haddad
Halvorsen Harrington Hathaway Hawthorne Hendricks Holloway Huxtable Iyengar Jankowski Johansson Kamara Kavanagh Kensington Kowalski
Krishnan Lancaster Langford Larkspur Lindqvist Lockhart Lombardi Loxley MacGregor Mackintosh Mallory Marchetti Martinek Mbeki
McAllister Merriweather Middleton Montague Moriarty Nakamura Navarro Nightingale Northcott Oduya Okafor Oyelaran Papadakis Pemberton
Pennington Petrov Quintero Rademacher Ramaswamy Rasmussen Ravenscroft Redfern Rosenthal Rutherford Sandoval Santangelo Satterfield
Schumacher Sepulveda Shaughnessy Sinclair Standish Stapleton Sutherland Tannenbaum Teague Thistlewood Thornbury Trevelyan
Underhill Vanderveer Varga Villanueva Wainwright Walsingham Weatherby Westbrook Whitcombe Whitlock Winterbourne Woolridge Yamamoto
Yarborough Zapatero Zimmerman`)

// stems begin the names of companies; none is a surname of the list above.
var stems = strings.Fields(`
Aldergate Amberline Apexford Arborvale Archway Ashgrove Axiomatic Baywater Beaconhill Birchmont Bluestem Bramblewood Brasscott
Brightfield Cadencia Calderstone Cascadia Cedarcrest Cinderpeak Claymont Clearbrook Coppergate Coralstone Crestline Crownpoint
Deepwell Dovetail Driftwood Eaglemere Elderglen Emberfield Everstead Fairhaven Falconridge Ferncliff Firestead Foxglove Frostline
Gaslight Glenmark Goldcrest Granitefield Greenmoor Harborlight Hartwell Hazelton Highmark Hollybrook Ironbark Ivorydale Juniper
Keystone Kingfisher Lakemont Larchmont Lightwell Lodestar Lumenfield Maplehurst Meridian Millrace Mistral Moonstone Moorgate Northgate
Northwind Oakhurst Orchardline Palisade Pinecrest Prairieview Quarrystone Quicksilver Redstone Ridgeline Riverbend Rockwell Rosewood
Saltmarsh Sandpiper Seabright Silverleaf Skylark Southmoor Stonebridge Summerfield Sunderland Tallgrass Tidewater Timberline Trillium
Valleyforge Vantage Vermilion Waterford Westerly Whitecap Wildwood Windermere Wolfcreek Yellowtail Zephyr`)

var trades = []string{
	"Freight Systems", "Marine Services", "Logistics", "Biologics", "Diagnostics", "Semiconductor", "Software", "Data Services",
	"Analytics", "Insurance", "Capital Partners", "Property Holdings", "Construction", "Engineering", "Power", "Renewables",
	"Petroleum", "Mining", "Foods", "Beverage", "Agricultural Supply", "Medical Devices", "Pharmaceuticals", "Health Networks",
	"Broadcasting", "Publishing", "Hotels", "Airlines", "Motor Company", "Steel", "Chemical", "Plastics", "Textiles", "Paper Products",
	"Security", "Staffing", "Education", "Outfitters", "Robotics", "Wireless",
}

var suffixes = []string{", Inc.", ", LLC", " Corp.", ", L.P.", " Corporation", ", Inc.", ", LLC", " Company"}

var streets = []string{
	"Harbor Avenue", "Market Street", "Second Avenue", "Commerce Street", "Liberty Street", "Lakeshore Drive", "Union Street",
	"Constitution Avenue", "Canal Street", "Railroad Avenue", "Pine Street", "Exchange Place", "Court Street", "Grand Boulevard",
}

// goods are what a matter's contract is about, with the name of that contract.
var goods = []struct{ thing, agreement string }{
	{"refrigerated containers", "Supply Agreement"}, {"claims-processing software", "Master Services Agreement"},
	{"turbine blades", "Purchase Agreement"}, {"warehouse space", "Lease Agreement"}, {"clinical data", "License Agreement"},
	{"network equipment", "Distribution Agreement"}, {"bulk grain", "Sales Agreement"}, {"crane maintenance", "Services Agreement"},
	{"diagnostic kits", "Manufacturing Agreement"}, {"billing records", "Outsourcing Agreement"}, {"solar modules", "Procurement Agreement"},
	{"patient scheduling", "Software License Agreement"}, {"pipeline inspection", "Consulting Agreement"}, {"cold storage", "Logistics Agreement"},
	{"broadcast rights", "Licensing Agreement"}, {"structural steel", "Subcontract"}, {"payroll processing", "Services Agreement"},
	{"laboratory testing", "Research Agreement"}, {"fuel deliveries", "Supply Agreement"}, {"trade secrets", "Nondisclosure Agreement"},
}

// seat is a federal district court with a city that it sits in.
type seat struct{ district, state, city, county, office string }

var seats = []seat{
	{"Northern District of California", "California", "Oakland", "Alameda", "4"},
	{"Central District of California", "California", "Santa Ana", "Orange", "8"},
	{"Southern District of New York", "New York", "New York", "New York", "1"},
	{"Eastern District of New York", "New York", "Brooklyn", "Kings", "1"},
	{"Western District of Washington", "Washington", "Tacoma", "Pierce", "3"},
	{"District of Massachusetts", "Massachusetts", "Boston", "Suffolk", "1"},
	{"Northern District of Illinois", "Illinois", "Chicago", "Cook", "1"},
	{"Southern District of Texas", "Texas", "Houston", "Harris", "4"},
	{"Eastern District of Texas", "Texas", "Marshall", "Harrison", "2"},
	{"District of Colorado", "Colorado", "Denver", "Denver", "1"},
	{"District of Delaware", "Delaware", "Wilmington", "New Castle", "1"},
	{"District of New Jersey", "New Jersey", "Newark", "Essex", "2"},
	{"Eastern District of Pennsylvania", "Pennsylvania", "Philadelphia", "Philadelphia", "2"},
	{"Northern District of Georgia", "Georgia", "Atlanta", "Fulton", "1"},
	{"Middle District of Florida", "Florida", "Tampa", "Hillsborough", "8"},
	{"Eastern District of Michigan", "Michigan", "Detroit", "Wayne", "2"},
	{"Northern District of Ohio", "Ohio", "Cleveland", "Cuyahoga", "1"},
	{"District of Minnesota", "Minnesota", "Minneapolis", "Hennepin", "0"},
	{"District of Oregon", "Oregon", "Portland", "Multnomah", "3"},
	{"District of Arizona", "Arizona", "Phoenix", "Maricopa", "2"},
	{"Middle District of Tennessee", "Tennessee", "Nashville", "Davidson", "3"},
	{"Eastern District of Virginia", "Virginia", "Alexandria", "Fairfax", "1"},
}
