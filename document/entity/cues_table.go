package entity

// cueWords stand before the name of a person, or say what an organisation is.
const cueWords = `president officer director manager member executive secretary treasurer counsel attorney attorneys scientist engineer partner nurse physician
professor detective accountant supervisor driver owner founder son daughter wife husband brother sister mother father witness expert agent trustee receiver
administrator administratrix executor executrix guardian representative chairman chairwoman chair analyst foreman superintendent inspector investigator adjuster
broker technician captain pilot operator custodian controller comptroller colleague associate paralegal assistant deponent declarant affiant guarantor friend
buyer seller clerk landlord tenant employee bookkeeper consultant architect geologist chemist economist psychologist surgeon dentist pharmacist principal
teacher coach guard deputy sergeant lieutenant reporter notary mediator arbitrator
Attn ATTN Attention Name NAME Signature SIGNATURE name Contact CONTACT Declaration DECLARATION Affidavit AFFIDAVIT Deposition DEPOSITION Testimony TESTIMONY Affirmation AFFIRMATION declaration affidavit
deposition testimony affirmation By BY Witness WITNESS Deponent DEPONENT Declarant
vendor bank insurer contractor company firm carrier supplier subsidiary manufacturer lender affiliate parent employer agency distributor wholesaler hospital union publisher
corporation partnership cooperative association organization organisation nonprofit charity municipality foundation insurers laboratory subcontractor retailer developer startup
marketplace platform processor surety underwriter competitor customer client landlord franchisee franchisor
CFO CEO COO CTO GC VP CIO
Sincerely Respectfully Regards regards Yours yours truly Best Cordially SINCERELY Thanks`

// personNouns are what the person is whose name they stand beside, in lower case.
var personNouns = set(`president officer director manager member executive secretary treasurer counsel attorney attorneys lawyer scientist engineer head partner nurse physician doctor
professor detective accountant employee supervisor driver owner founder resident citizen individual man woman minor widow widower son daughter wife husband
brother sister mother father neighbor neighbour witness expert agent trustee receiver administrator administratrix executor executrix guardian representative chair
chairman chairwoman chairperson ceo cfo coo cto analyst foreman superintendent inspector investigator paramedic clerk mayor teacher principal coach student
adjuster technician mechanic captain pilot operator custodian controller comptroller bookkeeper consultant coordinator specialist architect reporter
notary translator colleague associate paralegal assistant deponent declarant affiant guarantor friend guard deputy sergeant lieutenant mediator arbitrator surgeon dentist pharmacist
chemist economist psychologist geologist librarian commander warden planner editor author programmer developer salesman saleswoman buyer plumber electrician welder farmer`)

// orgNouns are what the organisation is whose name they stand before, in lower case.
var orgNouns = set(`vendor bank insurer contractor company firm carrier supplier subsidiary manufacturer lender affiliate parent employer agency distributor wholesaler hospital union
publisher laboratory subcontractor retailer developer startup marketplace platform processor surety underwriter competitor customer charity cooperative nonprofit franchisee franchisor`)

// orgKinds are what ", a Delaware corporation" ends in.
var orgKinds = set(`corporation company partnership cooperative association organization organisation nonprofit municipality bank insurer foundation charity union agency corp
inc llc firm manufacturer supplier contractor vendor`)

// papers are what somebody said under oath.
var papers = set(`declaration affidavit deposition testimony affirmation`)

// closings end a letter, before who writes it.
var closings = set(`sincerely respectfully regards yours truly best cordially thanks`)

// tradeWords end an organisation's name behind a word that is no common one.
const tradeWords = `Foods Advisors Builders Logistics Cooperative Co-op Surety Assurance Insurance Brokerage Freight Shipping Properties Realty Capital Media Press Publishing
Consulting Consultants Associates Contractors Engineering Manufacturing Products Solutions Software Ventures Equipment Supply Supplies Steel Oil Energy Power Electric Farms Dairy
Vineyards Brewing Brewery Restaurant Restaurants Hotel Hotels Resorts Marine Shipyards Trucking Transport Transportation Transit Clinic Pharmacy Hospice Academy Museum Theatre Theater
Orchestra Firm Advocates Homes Seafoods Analytics Robotics Therapeutics Biosciences Diagnostics Chemicals Plastics Textiles Mills Works Foundry Furniture Interiors Designs
Studios Records Entertainment Games Apparel Outfitters Jewelers Bakery Cafe Grill Market Markets Stores Lumber Timber Paper Packaging Printing Mining Minerals Drilling Petroleum
Gas Water Utilities Telecom Wireless Communications Broadcasting Airways Aviation Aerospace Automotive Auto Tire Tires Rentals Leasing Finance Financial Investments Securities Equity
Trustees Clinics Physicians Surgeons Orthopedics Radiology Dental Veterinary Nurseries Landscaping Roofing Plumbing Heating Paving Concrete Excavating Demolition Development
Developers Management Staffing Security Storage Warehousing Distribution Distributors Imports Exports Trading Traders Outdoors Fitness Sports Athletics Labs Laboratory
Semiconductors Electronics Instruments Devices Dynamics Innovations Creative Digital Data Networks Hosting Cloud Interactive Ministries Charities Kitchens Catering Fisheries Growers
Ranch Ranches Orchards Nursery Wines Spirits Distillery Bottling Beverages Provisions Grocers Outlets Jewelry Cosmetics Salon Spa Travel Cruises Lines Line Courier Express Movers Towing
Salvage Recycling Disposal Environmental Renewables Solar Wind Hydro Nuclear Boats Yachts Marina Terminals Terminal Stevedores Cartage Haulage Carriers Rail Sawmill Millwork Cabinets
Flooring Tile Marble Stone Glass Windows Doors Hardware Tools Machinery Machine Machines Welding Fabrication Fabricators Castings Forge Bearings Valves Pumps Filters Controls
Automation Adjusters Appraisers Underwriters Reinsurance Indemnity Casualty Mutual Title Escrow Mortgage Lending Credit Savings Bancorp Bancshares Credit-Union Reporting Testing Gazette Tribune Herald Chronicle Courier Publications Living Realtors Builders Nurseries Outfitting Rigging Tavern Brewpub Roasters Creamery Optical Pediatrics Cardiology Orthodontics Imaging Genetics Genomics Biologics Biotech Nutrition Wellness Hospitality Lodging Realtors Appraisal Surveying Architects Architecture Engineers Geotechnical Contracting Carpentry Masonry Glazing Insulation Scaffolding Cranes Hauling Freightways Warehouse Cartons Foodservice Fertilizer Feeds Seeds Cattle Poultry Meats Seafood Produce Citrus Vending Toys Apparel Footwear Leather Garments Linens Carpets Appliances Kitchenware Cookware Housewares Lighting Fixtures Batteries Sensors Optics Photonics Avionics Marineworks Shipping Ferries Tugs Barge Dredging`
