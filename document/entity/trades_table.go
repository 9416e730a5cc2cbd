package entity

// filingTrades are further words that end an organisation's name behind a word that
// is no common one. What a heading or a count of a pleading may end with is left out.
const filingTrades = `Care Club Clubs House Implement Implements Orthodontics Dentistry Pediatrics Oncology Cardiology Imaging Rehabilitation Nursing Wellness Counseling Rigging
Crane Cranes Hoist Hoists Elevator Elevators Auction Auctions Auctioneers Gazette Tribune Herald Chronicle Observer Sentinel Bulletin Magazine Radio Television
Pictures Films Gallery Galleries Library Zoo Tavern Pub Inn Lodge Motel Apartments Condominium Condominiums Cinema Cinemas Golf Gym Yoga Ballet Choir Opera Symphony
Preschool Daycare Childcare Montessori Seminary Synagogue Mosque Monastery Convent Sanctuary Kennels Stables Feed Seed Grain Milling Hatchery Greenhouse
Florist Florists Upholstery Carpets Cleaners Laundry Cleaning Janitorial Motorsports Cycles Bicycles Boatyard Scaffolding Contracting Masonry Drywall Painting
Electrical Mechanical Refrigeration HVAC Ironworks Metals Alloys Aluminum Copper Rubber Ceramics Pottery Crafts Toys Books Bookstore Printers Graphics Signs Photography
Optical Optics Eyewear Genomics Pharma Biotech Biologics Nutrition Supplements Naturals Organics Produce Meats Poultry Seafood Bakeries Pizza Pizzeria Burgers Coffee Roasters Creamery
Cheese Confections Chocolate Candy Vending Wholesale Mercantile Traders Thrift Pawn Lenders Funding Payments Receivables Bookkeeping Accounting Payroll Recruiting
Tutoring Horticulture Turf Irrigation Fencing Paints Coatings Adhesives Fasteners Gases Propane Pipeline Pipelines Refining Refinery Fuels Biofuels Ethanol
Helicopters Airlines Ferries Ferry Cruises Limousine Taxi Cab Cabs Parking Garage Dealership Chevrolet Ford Honda Toyota Subaru Nissan Kubota Harley-Davidson Tractor Tractors Trailers Campers
Ambulance Dialysis Hospitals Healthcare Biomedical Surgical Prosthetics Pathology Anesthesia Urology Dermatology Ophthalmology Optometry Chiropractic Midwifery Eldercare`
