package entity

import (
	"testing"

	"github.com/caseload/caseload/document"
)

func TestOrganisations(t *testing.T) {
	t.Parallel()
	each(t, document.Org, map[string][]string{
		"C. R. Bard, Inc. and Acme Corporation sued.":               {"C. R. Bard Inc.", "Acme Corporation"},
		"ACME WIDGET HOLDINGS, L.L.C.":                              {"Acme Widget Holdings LLC"},
		"Kilpatrick Townsend & Stockton LLP":                        {"Kilpatrick Townsend & Stockton LLP"},
		"Grace, Tisdale, Clifton, P.A.":                             {"Grace, Tisdale, Clifton P.A."},
		"the University of California and the Bank of New York":     {"University of California", "Bank of New York"},
		"the U.S. Department of Labor":                              {"U.S. Department of Labor"},
		"the EEOC told the City of El Paso":                         {"Equal Employment Opportunity Commission", "City of El Paso"},
		"UNITED STATES OF AMERICA v. STATE OF OHIO":                 {"United States of America", "State of Ohio"},
		"American Civil Liberties Union Foundation of Ohio":         {"American Civil Liberties Union Foundation of Ohio"},
		"COMPLAINT – 1 ROE & DOE LLP; 2\n3 Roe & Doe LLP":           {"Roe & Doe LLP", "Roe & Doe LLP"},
		"he sued 24 Hour Fitness, Inc. and 3M Company":              {"24 Hour Fitness Inc.", "3M Company"},
		"Jane Roe of Poe Doe LLP; Director of Safety of Acme, Inc.": {"Poe Doe LLP", "Acme Inc."},
		"Bank of Waco, N.A.; Sons of Texas, Inc.":                   {"Bank of Waco N.A.", "Sons of Texas Inc."},
		"Jane Poe, Roe & Doe LLP; Grace, Roe & Doe LLP":             {"Roe & Doe LLP", "Grace, Roe & Doe LLP"},
		"argued for Roe Ferreira\n& Boone LLP":                      {"Roe Ferreira & Boone LLP"},
		"Acme\tPoe Corp.; Acme    Poe Corp.":                        {"Poe Corp.", "Poe Corp."},
		"Acme  Poe Corp.":                                           {"Acme Poe Corp."},
		"the Board of Directors; the Board of June 12, 2023":        nil,
		"The company and its board met. The Commission disagreed.":  nil,
		"in a state of shock; the Insurance Company; the Bank":      nil,
		"the Investment Company Act of 1940 and the Federal Rules,": nil,
	})
}

func TestLocations(t *testing.T) {
	t.Parallel()
	each(t, document.Location, map[string][]string{
		"in Oakland, CA 94612 and St. Louis, MO": {"Oakland, California", "St. Louis, Missouri"},
		"555 Seventh Street\nSan Francisco, CA":  {"San Francisco, California"},
		"Orrington, Maine":                       {"Orrington, Maine"},
		"Texas, Oklahoma, and West Virginia":     {"Texas", "Oklahoma", "West Virginia"},
		"a treaty with Germany":                  {"Germany"},
		"he works IN, OR near it; ME too":        nil,
		"PRODUCE INFORMATION, OR OBJECTS, TO":    nil,
		"PORTLAND, OR 97201":                     {"Portland, Oregon"},
		"Contra Costa County, California":        {"Contra Costa County, California"},
	})
}

func TestDates(t *testing.T) {
	t.Parallel()
	each(t, document.Date, map[string][]string{
		"March 3, 2021; Mar. 3, 2021; MARCH 3, 2021; March 3rd, 2021": {"2021-03-03", "2021-03-03", "2021-03-03", "2021-03-03"},
		"3 March 2021; 3rd day of March, 2021; 2021-03-03":            {"2021-03-03", "2021-03-03", "2021-03-03"},
		"03/03/2021; 3/4/21; 12/31/99":                                {"2021-03-03", "2021-03-04", "1999-12-31"},
		"in March 2021; Sept. 2020":                                   {"2021-03", "2020-09"},
		"February 30, 2021; 13/13/2021; 2021-02-29; May 5":            nil,
	})
}

func TestMoney(t *testing.T) {
	t.Parallel()
	each(t, document.Money, map[string][]string{
		"$1,234.56, $500 and $9.00":             {"USD 1234.56", "USD 500", "USD 9"},
		"$3.5 million; USD 5,000; €10\nmillion": {"USD 3500000", "USD 5000", "EUR 10000000"},
		"5,000 dollars; 2.5 million dollars":    {"USD 5000", "USD 2500000"},
		"US$20; £7 thousand":                    {"USD 20", "GBP 7000"},
		"$; $x; 100 dollarswide":                nil,
	})
}

func TestContacts(t *testing.T) {
	t.Parallel()
	each(t, document.Email, map[string][]string{
		"Write to <Jane.Roe+court@Example.co.uk>.": {"jane.roe+court@example.co.uk"},
		"a@b; @example.org; x@example.; 3@4.5":     nil,
	})
	each(t, document.Phone, map[string][]string{
		"(415) 555-1234, 415-555-1234, +1 415.555.1234, 1-415-555-1234": {"+14155551234", "+14155551234", "+14155551234", "+14155551234"},
		"+44 20 7946 0958": {"+442079460958"},
		"123-45-6789; 2020-12-31-1234; 12345678901234567": nil,
	})
}
