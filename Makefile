# Everything a fresh machine needs is two commands: `make run` and `make test`. `make help` lists the rest.

# One set of flags for each configuration, everywhere: another set would build everything again.
RELEASE_FLAGS := -c release --static-swift-stdlib --explicit-target-dependency-import-check error
DEBUG_FLAGS := --explicit-target-dependency-import-check error
SWIFT_SOURCES := Package.swift Sources Tests
BYTE_FUZZERS := FuzzRequestHead FuzzResponseHead FuzzChunkedBody FuzzTarget FuzzKey FuzzCitizenToken FuzzTraceParent FuzzDate \
	FuzzAddress FuzzForwarded FuzzProxyHeader FuzzSnapshot FuzzLevelFile FuzzLiveSegment FuzzSealedSegment FuzzExchange
FILE_FUZZERS := FuzzPartnerFile FuzzPartnerTable FuzzLifecycleFile FuzzPlansFile FuzzRoutesFile FuzzSettingsFile FuzzAddressRange
FUZZERS := $(BYTE_FUZZERS) $(FILE_FUZZERS)
SECONDS ?= 300
SCHEDULES ?= 100000
SEED ?=
SCHEDULE ?=
ARGS ?=
REQUESTS ?= 100000

.PHONY: help run test browser onboarding soak bench framing faults records keys keeping secrets contract format lint fuzz simulate test-tsan test-asan prepare build-release build-tests
.DEFAULT_GOAL := help

help:
	@echo 'make run     build and start the gateway with everything embedded: make run ARGS="--listen 127.0.0.1:9080"'
	@echo 'make test    build and run every test, the long ones with a tenth of their counts'
	@echo 'make browser the console in a real Chromium, with pictures of every page in .build-browser/pictures; installs Chromium and Playwright'
	@echo 'make onboarding  two people take 204 applications from draft to live in a real Chromium, click by click; then the audit is tampered with'
	@echo 'make soak    the same tests with their full counts'
	@echo 'make bench   measure the fixed job against the floor and the peers that are installed'
	@echo 'make framing ambiguous requests and answers, raw, through the gateway to nginx, HAProxy and Node'
	@echo 'make faults  core stores that reset, hang, lie, die and move, behind a real data plane: REQUESTS=100000'
	@echo 'make keys    keys rotated and revoked, applications suspended and resumed, under 2,000 calls a second'
	@echo 'make keeping backups of a gateway in use, each held against what went on, the newest put back and served'
	@echo 'make secrets the tests with processes once more, then a scan of every log, record, metric and registry they left: no key, token or number'
	@echo 'make records the same counts from log, usage, metrics, callers and a script of its own, under a mixed load; then under 50 SIGKILLs: SECONDS=300 each'
	@echo 'make contract openapi.yaml against both planes, with schemathesis: SECONDS=300 each'
	@echo 'make simulate random schedules of faults under the exchange, shrunk when one fails: SCHEDULES=100000 SEED=1, or one SCHEDULE="…"'
	@echo 'make fuzz    fuzz every parser of bytes: make fuzz SECONDS=300 (each), or some: make fuzz FUZZERS=FuzzKey'
	@echo 'make test-tsan, make test-asan    the tests of the data plane under ThreadSanitizer, AddressSanitizer'
	@echo 'make format  format the sources'
	@echo 'make lint    say what formatting would change'
	@echo 'A first build takes about 8 minutes on two cores.'

prepare:
	@.ci/prepare

build-release: prepare
	@.ci/timed 'Release build' swift build $(RELEASE_FLAGS) --product gateway
	@.ci/timed 'Release build of the data plane' swift build $(RELEASE_FLAGS) --product gateway-data-plane

build-tests: prepare
	@.ci/timed 'Build of the tests' swift build --build-tests $(DEBUG_FLAGS)

# exec: no shell stands between Ctrl-C and the gateway, which drains and exits 0.
run: build-release
	@exec .build/release/gateway serve $(ARGS)

# First what only computes, then what waits for processes and sockets: side by side, long computations would keep the waiting ones from
# their turns, since a test thread a core is all there is. These run one after the other: each has processes enough of its own.
COMPUTING := ^(RegistryTests|WireTests|AdmissionTests|DecisionsTests|ExchangeTests|SimulationTests|Sanitizing|TidyTests)\.
RUN_TESTS := swift test --skip-build --disable-xctest $(DEBUG_FLAGS)

test: build-tests
	@.ci/check-fuzzers
	@.ci/timed 'Tests that compute' $(RUN_TESTS) --filter '$(COMPUTING)'
	@.ci/timed 'Tests with processes, sockets and files' $(RUN_TESTS) --no-parallel --skip '$(COMPUTING)'
	@Tests/Browser/run --if-present

browser: build-tests
	@Tests/Browser/prepare
	@Tests/Browser/run --pictures

# Half an hour on two cores.
onboarding: build-tests
	@Tests/Browser/prepare
	@Tests/Onboarding/run

soak: export GATEWAY_SOAK := 1
soak: build-tests
	@.ci/timed 'Tests that compute' $(RUN_TESTS) --filter '$(COMPUTING)'
	@.ci/timed 'Tests with processes, sockets and files' $(RUN_TESTS) --no-parallel --skip '$(COMPUTING)'

bench: build-release
	@Benchmarks/run

# The second run proves that the comparison can fail: a relay that believes what it likes must be seen.
framing: build-release
	@Tests/Framing/prepare
	@Tests/Framing/compare
	@Tests/Framing/compare --naive

faults: build-release
	@Tests/Faults/run --requests $(REQUESTS)

secrets: build-tests
	@Tests/Secrets/run

keys: build-release
	@Tests/Keys/run

keeping: build-release
	@Tests/Keeping/run

records: build-release
	@Tests/Records/run --seconds $(SECONDS)
	@Tests/Records/run --seconds $(SECONDS) --kills 50

contract: build-release
	@Tests/Contract/run $(if $(SECONDS),--seconds $(SECONDS))

format:
	@swift format --in-place --recursive --parallel $(SWIFT_SOURCES)

lint:
	@swift format lint --strict --recursive --parallel $(SWIFT_SOURCES)

# Instrumented code has a scratch folder of its own, and is a part of the tree (see Package.swift) that needs few packages or none.
FUZZ_FLAGS := -c release --sanitize=fuzzer -Xswiftc -enable-testing --package-path .build-fuzz/part --scratch-path .build-fuzz

fuzz: export GATEWAY_FUZZ := 1
fuzz: prepare
	@.ci/part .build-fuzz
	@.ci/timed 'Build of the fuzzers' swift build $(FUZZ_FLAGS)
	@.ci/fuzz $(SECONDS) $(addprefix FuzzBytes=,$(filter $(BYTE_FUZZERS),$(FUZZERS))) $(addprefix FuzzFiles=,$(filter $(FILE_FUZZERS),$(FUZZERS)))

# Tests' own servers may still wait on their threads when all is done: no leak of the gateway's.
test-tsan: export TSAN_OPTIONS := report_thread_leaks=0
test-tsan: SANITIZER := thread
# Nor are tests' benches freed, whose ends know each other; what is looked for is memory used wrongly.
test-asan: export ASAN_OPTIONS := detect_leaks=0
test-asan: SANITIZER := address
test-tsan test-asan: export GATEWAY_SANITIZE := 1
test-tsan test-asan: SANITIZED_TESTS = swift test --skip-build --disable-xctest --sanitize=$(SANITIZER) --package-path .build-$*san/part --scratch-path .build-$*san
# The exploration of the lifecycle's every state is one thread's work over values, and longer than all else where every access is looked at.
test-tsan test-asan: test-%san: prepare
	@.ci/part .build-$*san
	@.ci/timed 'Build of the tests' swift build --build-tests --sanitize=$(SANITIZER) --package-path .build-$*san/part --scratch-path .build-$*san
	@.ci/timed 'Tests that compute' $(SANITIZED_TESTS) --filter '$(COMPUTING)' --skip LifecycleExploration
	@.ci/timed 'Tests with processes, sockets and files' $(SANITIZED_TESTS) --no-parallel --skip '$(COMPUTING)'

# Optimised and without I/O; a scratch folder of its own, since the packages behind the other targets are not built for it. Large buffers
# come and go with each schedule: the allocator keeps them instead of handing them back to the system each time.
simulate: export MALLOC_MMAP_THRESHOLD_ := 268435456
simulate: export MALLOC_TRIM_THRESHOLD_ := 1073741824
simulate: export GATEWAY_SIMULATE := 1
simulate: export SCHEDULES := $(SCHEDULES)
simulate: export SEED := $(SEED)
simulate: export SCHEDULE := $(SCHEDULE)
simulate: prepare
	@swift build -c release --product Simulate --scratch-path .build-simulate
	@.build-simulate/release/Simulate
