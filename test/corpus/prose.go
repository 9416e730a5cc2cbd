package corpus

// Pools of sentences, filled in by draft.say. Pleadings, orders and evidence are
// here; what people write to one another and agree on is in proseplain.go.

var facts = []string{
	"On {date}, {P} and {D} {entered into|signed|executed} the {agreement}, under which {D} {agreed|undertook} to provide {good} for {money}.",
	"The {agreement} required {D} to deliver within {days} days of each order and to {notify|inform} {P} of any delay in writing.",
	"{person} negotiated the {agreement} for {P}; {person} did so for {D}.",
	"In {month}, {D} told {P} for the first time that it {could|would} not meet the schedule.",
	"{P} paid {money} on {date} and a further {money} on {date}. See {ex}; {bates}.",
	"By {month}, {count} units had been {returned|rejected|quarantined} at the facility in {city}.",
	"{person} wrote on {date} that the shortfall was “{a known problem|nothing new|not something we can put in writing}.” {bates}.",
	"{D} {disputes|denies} this account and says that {person} approved the change orally on {date}.",
	"An internal review in {month} found {n} {departures from|failures to follow} the specification. {ex} at {n}.",
	"{P} {retained|engaged} an outside consultant, whose report of {date} {put|estimated} the loss at {money}.",
	"{person} testified that nobody at {D} {read|opened} the report before {date}. {ecf} at {n}.",
	"The invoice of {date} {lists|shows} {count} items at a total of {money}, less a credit of {money}.",
	"{D} {moved|transferred} the work to a subcontractor in {state} without the consent that the {agreement} requires.",
	"After {n} weeks of {negotiation|correspondence}, {P} gave notice of default on {date}.",
	"{D} did not cure the default within {days} days, and {P} terminated the {agreement} on {date}.",
	"Between {span}, {person} {sent|received} {count} messages about {good}.",
	"The {agreement} {limits|caps} the liability of either party at {money}, except for {wilful misconduct|gross negligence|breach of confidence}.",
	"{person}, then the {controller|chief engineer|vice president for operations} of {D}, {certified|confirmed} the figures on {date}.",
	"A meeting in {city} on {date} {ended|broke up} without agreement; {person} took notes. {bates}.",
	"{P} lost {two|three|four} customers in the months that followed, with annual revenue of {money}.",
	"The state inspector visited the site in {county} on {date} and {cited|fined} {D} {money}.",
	"{D} kept {records|logs} of each delivery until {month}, when it {changed|replaced} its system.",
	"{P} {asked|pressed} for those records on {span}; they were {never|not} produced.",
	"At the time, {D} employed about {count} people, {n} of them on the work for {P}.",
	"The parties {amended|extended} the {agreement} on {date}, raising the fee to {money}.",
	"{person} resigned on {date} and {joined|went to work for} a competitor in {state} within {days} days.",
	"An audit {completed|finished} on {date} {found|identified} overcharges of {money} in {n} of the invoices.",
	"{D} offered a refund of {money} on {date}, which {P} {declined|rejected} as too little.",
	"Photographs taken on {date} {show|document} the condition of the {premises|equipment|goods}. {ex}.",
}

var elements = []string{
	"{P} repeats the allegations above.",
	"The {agreement} is a valid and enforceable contract, and {P} {performed|has performed} its obligations or was excused from them.",
	"{D} breached the {agreement} by {failing to deliver|withholding|misstating} what it had promised on {date}.",
	"{D} knew, or should have known, that its statements of {date} were {false|misleading|incomplete}.",
	"{P} {relied|reasonably relied} on those statements when it paid {money}.",
	"As a direct and proximate result, {P} has suffered damages of not less than {money}.",
	"The conduct {described|alleged} above violates {statute}.",
	"{D} acted {wilfully|knowingly|in reckless disregard of the consequences}.",
	"An actual controversy exists between {P} and {D} about their rights under the {agreement}.",
	"{P} has no adequate remedy at law for the continuing use of its {records|designs|customer lists}.",
	"It would be unjust for {D} to keep the {money} that it received.",
}

var introductions = []string{
	"This motion {asks|turns on} a {narrow|simple} question: what the parties agreed on {date}.",
	"{party} has had {n} months and {count} pages of documents to find a dispute of fact, and has found none.",
	"The Court has {twice|already} addressed the point, see {ecf}, and nothing has changed since.",
	"What {party} asks for is {without precedent|foreclosed} in this circuit. See {cite}.",
	"The {agreement} answers the question in words that are not ambiguous.",
	"The amount at stake, {money}, {is not in dispute|has been stipulated}.",
	"The parties met and conferred on {date}; {person} took part for {D}.",
}

var standards = []string{
	"Summary judgment is proper where there is no genuine dispute of material fact. {rule}; {cite}.",
	"A complaint must state a claim that is plausible on its face. {rule}; {cite}.",
	"The Court {accepts|takes} well-pleaded facts as true but not legal conclusions. {cite}.",
	"The moving party {bears|has} the initial burden; it then shifts. {cite}; see also {cite}.",
	"Discovery extends to any matter that is relevant and proportional to the needs of the case. {rule}.",
	"A party that seeks an injunction must show a likelihood of success and of irreparable harm. {cite}.",
	"Leave to amend is freely given, but not where amendment would be futile. {rule}; {cite}.",
	"The Court construes a contract as a matter of law if its terms are {clear|unambiguous}. {cite}.",
	"Expert testimony must rest on sufficient facts and reliable methods. Fed. R. Evid. 702; {cite}.",
	"Whether a class may be certified requires a rigorous analysis. {cite}.",
	"The statute reaches only conduct that {Congress|the legislature} named. {statute}; {cite}.",
}

var arguments = []string{
	"{party}’s {reading|construction} of the {agreement} would make half of it surplusage. See {cite}.",
	"That is not the law. {cite}; {cite}.",
	"In {cite}, the court {rejected|refused to accept} the same argument on {nearly identical|weaker} facts.",
	"{party} {relies|leans heavily} on {cite}, but that case concerned {a different statute|a default judgment|a jury’s verdict after trial}.",
	"The record {shows|establishes} the opposite: {person} testified that the shipment arrived on {date}. {ecf} at {n}.",
	"Under {statute}, the question is {when|whether} notice was given, not {how|by whom}.",
	"{party} has offered no evidence for the figure of {money}; its own expert {disclaimed|would not adopt} it. {ex} at {n}.",
	"A party may not create a dispute of fact by contradicting its own testimony. {cite}.",
	"The documents at {bates} {confirm|bear out} what {person} said in deposition.",
	"Nor does {rule} {help|save} {party}. The {deadline|time} ran on {since}, and no extension was {sought|granted}.",
	"Courts in this district {routinely|regularly} {enforce|give effect to} such provisions. See, e.g., {cite}.",
	"Even if the Court were to {reach|consider} the question, {party} could not show prejudice. {cite}.",
	"The {delay|silence} of {n} months is {unexplained|fatal}. See {cite}.",
	"{party} {concedes|does not dispute} that it received {money} on {date}.",
	"The better view is that {statute} {preempts|displaces} the claim. {cite}; contra {cite}.",
	"For the same reasons the {demand|claim} for {money} in fees {fails|cannot stand}. {statute}.",
	"Nothing in the {agreement} {says|suggests} that {good} were to be excluded.",
	"The {burden|cost} of searching the {n} custodians that {party} names would exceed {money}. {ecf} at {n}.",
	"On {since} the Court {warned|cautioned} that further delay would not be excused. {ecf}.",
	"{party}’s cases are {inapposite|not to the contrary}. {cite} arose before the {statute|rule} was amended in {month}.",
	"The Supreme Court has {said|held} as much. {cite}.",
	"That the notice was sent by {mail|courier|email} makes no difference. {cite}.",
	"Prejudgment interest runs from {date} and amounts to {money}. See {cite}.",
}

var history = []string{
	"{P} filed this action on {filed}. {ecf}.",
	"{D} answered on {since} and {asserted|pleaded} {n} affirmative defenses. {ecf}.",
	"The Court denied {P}’s motion for a preliminary injunction on {since}. {ecf}.",
	"The case was {reassigned|referred for settlement} on {since}; the parties did not settle.",
	"Discovery closed on {since} after {n} depositions and the production of {count} pages.",
	"A motion to compel was granted in part on {since}, with costs of {money}. {ecf}.",
	"Trial is set for {later} before the Honorable {judge}.",
}

var rulings = []string{
	"The Court {agrees|is persuaded} that the {agreement} is unambiguous on this point. {cite}.",
	"{party} argues that notice was {late|defective}. The {argument|contention} is not supported by the record. {ecf} at {n}.",
	"The controlling decision is {cite}, which {neither party cites|both parties cite}.",
	"Viewed in the light most favorable to {party}, the evidence {shows|would permit a jury to find} that {person} knew of the defect by {date}.",
	"A reasonable jury could {find|conclude} that the loss was {money}, as {person} testified, or {money}, as the expert for {D} did.",
	"The Court {declines|sees no reason} to depart from its order of {since}. {ecf}.",
	"{statute} does not {reach|apply to} {good}, and {party} points to no authority that it does.",
	"{party} responds that {cite} is to the contrary. It is not: there the {contract|parties’ course of dealing} {differed|was silent}.",
	"The {balance|weight} of authority {favors|supports} {party}. Compare {cite}, with {cite}.",
	"The objection under {rule} is {overruled|sustained}.",
	"Damages are {limited|capped} at {money} by the terms that the parties signed on {date}.",
	"The remaining {arguments|contentions} of {party} are {without merit|moot} and need no discussion.",
	"This factor weighs {slightly|heavily} in favor of {party}. {cite}.",
	"The Court has {supplemental|original} jurisdiction of the claim under {statute}.",
	"{party} has {failed to show|not shown} good cause for the delay between {span}. See {cite}.",
	"Because the claim {arose|accrued} on {date}, it is {timely|not barred}. {statute}.",
	"The testimony of {person} {is admissible|may be offered} for that purpose only. Fed. R. Evid. 408; {cite}.",
	"A fee of {money} is {reasonable|excessive} for {n} hours of work in this district. {cite}.",
	"The documents at {bates} were {withheld|redacted} without a log, and the privilege is waived. {cite}.",
}

var testimony = []string{
	"I told {person} on {date} that we could not ship.",
	"There was a form, and nobody {signed|kept} it.",
	"I would have to look at the {invoice|ledger|email}; I remember the figure as {money}.",
	"We never {talked|spoke} about it again until {month}.",
	"The decision was made in {city}, not by us.",
	"I {understood|took} that to mean the {agreement} was over.",
}
