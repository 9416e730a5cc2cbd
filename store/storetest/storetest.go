// Package storetest is the conformance suite of the store: what every database
// behind it must do.
package storetest

import (
	"testing"

	"github.com/caseload/caseload/store"
)

// Run runs the suite. open opens an empty store that is closed when t ends.
func Run(t *testing.T, open func(t *testing.T) *store.Store) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s *store.Store)
	}{
		{"registering is idempotent", registerTwice},
		{"registering takes all rows or none", registerBroken},
		{"registering streams", registerStreams},
		{"registering at the same time makes one batch", registerConcurrently},
		{"registering keeps bad rows as failed", registerFailedRows},
		{"batches are listed newest first", listBatches},
		{"a terminal status is not left", terminalStatus},
		{"a control is kept with its decisions", setControl},
		{"a decision is recorded once", decisionOnce},
		{"the latest decisions come oldest first", latestDecisions},
		{"entities do not depend on the order of documents", anyOrder},
		{"joins are undone by people for good", joinsUndone},
		{"a name is joined with nothing that is part of it", joinedAbovePeople},
		{"a later merge does not widen a pin", pinsStay},
		{"a split takes any number of spellings, and is undone", manySpellings},
		{"a split takes the display name", splitDisplayName},
		{"a batch that ended is not controlled", controlAfterEnd},
		{"an impossible control is refused", impossibleControl},
		{"a paused or cancelling batch can be opened again", reopen},
		{"a row's work tells how its batch stands", work},
		{"pending rows are paged", pendingRows},
		{"rows are filtered", filterRows},
		{"what is not there is not found", notFound},

		{"projects are listed with their weights and counts", projects},
		{"a weight makes its project", weightMakesProject},
		{"an impossible weight is refused", impossibleWeight},

		{"a service that asks for fewer requests is left alone", throttles},
		{"rows whose service is left alone are not listed", rowsPutOff},

		{"what a language model costs is counted", modelCosts},
		{"a budget bounds what is spent and set aside", modelBudgets},
		{"a budget bounds calls at once", modelBudgetsAtOnce},
		{"a language model's answers are kept", modelAnswers},
		{"a row that is done with the language model counts once", modelDone},
		{"what a language model found says so", modelSources},

		{"commands are kept in an audit log, whose hashes follow each other", auditLog},
		{"a line of the audit log is added once", auditOnce},
		{"the audit log is one chain whoever adds to it", auditConcurrently},
		{"a line of the audit log tells who, when and what", auditWhole},

		{"the longest idle and held batches are known", standing},

		{"the first outcome wins", firstOutcomeWins},
		{"how long the last stage took is known later", noteStages},
		{"an impossible outcome is refused", impossibleOutcome},
		{"pending rows are cancelled", cancelPending},
		{"what failed for the cause of a hold is reopened", reopenFailed},
		{"a failed row keeps the hash of its content", noteContent},
		{"failures are grouped by cause", groupFailures},
		{"the causes of the latest failures come first", latestCauses},
		{"stages are summed up", stageTimings},
		{"failures are counted by cause, format, project and hour", countFailures},
		{"the rules that decided on failures are kept", failureRules},
		{"failures are told by what recovered them", failuresRecovered},
		{"what tells a failed file's format is counted", failureFormats},
		{"a failure without a finish is of no hour", unknownFinish},
		{"a batch's rows are given with how they ended", endings},
		{"documents of two batches differ in kinds", diffKinds},
		{"documents of two batches are matched by ID, name or URI", diffMatches},
		{"checkpoints are kept until the row ends", checkpoints},
		{"timings kept with checkpoints tell of what is in work", inWork},

		{"a recovery takes what failed, as it was registered", recoverFailed},
		{"a recovery is registered once", recoverTwice},
		{"of recoveries registered at once each row is in one", recoverAtOnce},
		{"a recovery without rows, or of a running batch, is not registered", recoverNothing},
		{"a recovery's plan says who is left out and why", planRecovery},
		{"recoveries of recoveries count for the first original", recoverAgain},
		{"a row that failed in enough recoveries is left out", recoverNoMore},
		{"a row cancelled in a recovery can be recovered", recoverCancelled},
		{"failed rows keep their checkpoints until they are recovered", checkpointsOfFailed},
		{"canaries come first, and hold back what they failed for", canaries},
		{"checkpoints of another version are not gone on from", checkpointsOfOtherPipeline},

		{"a result comes back as it was saved", roundTrip},
		{"an empty result comes back empty", roundTripEmpty},
		{"a partial result says so in its row, and is counted", partialResult},
		{"documents are found by warning and kind", warningsAndKinds},
		{"a large result comes back", roundTripLarge},
		{"text that no database takes is made valid", invalidText},
		{"saving twice is saving once", saveTwice},
		{"a result after the outcome changes nothing", saveAfterOutcome},
		{"known content is skipped", skipKnown},
		{"content read by another version is read again", otherPipeline},
		{"rereading replaces", reread},
		{"new content replaces a caller's document", replaceContent},
		{"the same content saved at once is stored once", sameContentConcurrently},
		{"of outcomes set at once the first wins", outcomesConcurrently},
		{"of a save and a cancellation at once the first wins", endingsConcurrently},
		{"strikes at once are all counted", strikesConcurrently},
		{"a write that fails leaves those beside it alone", failuresConcurrently},
		{"entities shared by concurrent documents are merged", sharedEntitiesConcurrently},
		{"a contradictory result is refused", contradictoryResult},
		{"attachments are documents of their own", attachments},
		{"an attachment known already is only linked", knownAttachments},

		{"the first holder keeps an alias", aliases},
		{"the longer name wins", longerName},
		{"projects do not see each other", projectsApart},
		{"entities and relationships are counted", countEntities},
		{"a query may read and not write", readOnlyQuery},

		{"words, phrases and what must not be there are found", searchWords},
		{"what is found is marked", searchMarks},
		{"the better passage comes first", searchBetterFirst},
		{"what is found is filtered", searchFilters},
		{"what is found is paged", searchPages},
		{"what passages share is shown once", searchOverlap},
		{"what is found follows the documents", searchFollows},
		{"text that is no prose can be searched", searchHostile},

		{"what was seen at a source is kept by URI", seenFiles},
		{"nothing seen is nothing settled", seenNothing},
		{"a file seen is settled once its batch is registered", seenOnceRegistered},
		{"a file whose row was cancelled is not settled", seenAndCancelled},
		{"content that was not fetched is not settled", seenAndNotFetched},

		{"what changed of entities is told by their version", entityChanges},
		{"what a cache answered must still hold", staleLookup},
		{"what others made as well is not made again", madeByOthersToo},
		{"entities are looked up as they are listed", listedAsLookedUp},
		{"what a batch will read comes first", readSoon},
		{"of two entities one is made, and two again", mergeEntities},
		{"later documents heed a merge, and its undoing", mergedLater},
		{"merges follow each other", mergeChains},
		{"a decision is made once, and not against another", decidedTwice},
		{"a name is split off an entity", splitByName},
		{"a document is split off an entity", splitByDocument},
		{"what cannot be split is refused", splitRefused},
		{"what was looked up before a decision no longer holds", decidedMeanwhile},
		{"decisions and documents at once lose nothing", decidedConcurrently},
		{"an entity is shown with how it is written", showEntity},

		{"a row is unchanged only if its content is still held", stillHeld},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, open(t))
		})
	}
}
