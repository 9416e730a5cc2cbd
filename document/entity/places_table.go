package entity

// countries as English-language filings name them; those that are common first
// names or words (Jordan, Chad, Georgia, Turkey) are left out.
const countries = `Afghanistan,Albania,Algeria,Angola,Argentina,Armenia,Australia,Austria,Azerbaijan,Bahamas,Bahrain,Bangladesh,Barbados,Belarus,Belgium,Belize,Bermuda,
Bolivia,Botswana,Brazil,Bulgaria,Burma,Cambodia,Cameroon,Canada,Cayman Islands,Chile,China,Colombia,Costa Rica,Croatia,Cuba,Cyprus,Czech Republic,Denmark,Dominican Republic,Ecuador,
Egypt,El Salvador,England,England and Wales,Eritrea,Estonia,Ethiopia,Finland,France,Germany,Ghana,Great Britain,Greece,Guatemala,Guyana,Haiti,Honduras,Hong Kong,Hungary,Iceland,India,Indonesia,Iran,
Iraq,Ireland,Israel,Italy,Ivory Coast,Jamaica,Japan,Kazakhstan,Kenya,Kosovo,Kuwait,Laos,Latvia,Lebanon,Liberia,Libya,Lithuania,Luxembourg,Malaysia,Malta,Mexico,Moldova,Mongolia,
Morocco,Myanmar,Nepal,Netherlands,New Zealand,Nicaragua,Nigeria,North Korea,Norway,Pakistan,Panama,Paraguay,Peru,Philippines,Poland,Portugal,Qatar,Romania,Russia,Rwanda,Saudi Arabia,
Scotland,Senegal,Serbia,Sierra Leone,Singapore,Slovakia,Slovenia,Somalia,South Africa,South Korea,Spain,Sri Lanka,Sudan,Sweden,Switzerland,Syria,Taiwan,Tanzania,Thailand,Trinidad and Tobago,
Tunisia,Uganda,Ukraine,United Arab Emirates,United Kingdom,Uruguay,Uzbekistan,Venezuela,Vietnam,Wales,Yemen,Zambia,Zimbabwe`

// cities are the largest of the United States and a few abroad that are named
// without their state; those that are common surnames or words are left out.
const cities = `New York City,Los Angeles,Chicago,Philadelphia,San Antonio,San Diego,Dallas,San Jose,Fort Worth,San Francisco,Seattle,Denver,Oklahoma City,Nashville,Boston,El Paso,Las Vegas,
Detroit,Memphis,Baltimore,Milwaukee,Albuquerque,Tucson,Sacramento,Kansas City,Atlanta,Omaha,Colorado Springs,Long Beach,Oakland,Minneapolis,Tampa,Tulsa,New Orleans,Cleveland,Honolulu,
Anaheim,St. Louis,Pittsburgh,Cincinnati,Anchorage,Newark,Toledo,St. Paul,Brooklyn,Manhattan,Queens,Bronx,Staten Island,Salt Lake City,Des Moines,Baton Rouge,Miami,Phoenix,
Tacoma,Spokane,Boise,Fresno,Wichita,Akron,Scranton,Duluth,Tallahassee,Louisville,Raleigh,Durham,Knoxville,Chattanooga,Shreveport,Lubbock,Amarillo,Laredo,Reno,Scottsdale,
Pasadena,Modesto,Bakersfield,Santa Monica,Santa Barbara,Santa Clara,Santa Ana,Palo Alto,Cupertino,Harrisburg,Poughkeepsie,Schenectady,Albany,Syracuse,Yonkers,Hoboken,Trenton,Annapolis,Bethesda,
Roanoke,Greenville,Asheville,Topeka,Sioux Falls,Fargo,Bismarck,Missoula,Cheyenne,Santa Fe,Provo,Olympia,Bellevue,Juneau,Fairbanks,Honolulu,Fort Lauderdale,Jacksonville,Orlando,St. Petersburg,
Corpus Christi,Galveston,Waco,Little Rock,Jackson Hole,Grand Rapids,Ann Arbor,Fort Wayne,South Bend,Green Bay,Cedar Rapids,Rapid City,Virginia Beach,Atlantic City,Jersey City,Niagara Falls,
Paris,Madrid,Rome,Dublin,Munich,Frankfurt,Hamburg,Vienna,Zurich,Geneva,Brussels,Amsterdam,Rotterdam,Copenhagen,Stockholm,Oslo,Helsinki,Mumbai,Bangalore,Seoul,Taipei,Melbourne,Montreal,Vancouver,Ottawa,
Nairobi,Cairo,Dubai,Istanbul,Lisbon,Prague,Warsaw,Budapest,Shenzhen,Guangzhou,Hanoi,Manila,Jakarta,Karachi,Lahore,Delhi,New Delhi,Chennai,Kolkata,Lagos,Accra,Casablanca,Johannesburg,Cape Town,São Paulo,Rio de Janeiro,Buenos Aires,Lima,Caracas,Havana,Santo Domingo,Kyiv,Athens,Barcelona,Milan,Naples,Turin,Marseille,Antwerp,Gothenburg,Reykjavik,Edinburgh,Glasgow,Liverpool,Leeds,Southampton,Calgary,Edmonton,Winnipeg,Quebec City,Osaka,Kyoto,Yokohama,Busan,Kuala Lumpur,Bangkok,Perth,Adelaide,Brisbane,Auckland,Wellington,Tel Aviv,Jerusalem,Haifa,Beirut,Amman,Riyadh,Doha,Abu Dhabi,Tehran,Baghdad,Kabul,Guadalajara,Monterrey,Tijuana,Bogotá,London,Toronto,Tokyo,Beijing,Shanghai,Berlin,Moscow,Mexico City`
