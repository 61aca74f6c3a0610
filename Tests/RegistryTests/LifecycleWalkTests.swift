import Registry
import Testing

/// Everything three people can do to an application, walked to the end, beside an oracle that only watches who did what.
@Suite struct LifecycleWalkTests {
    private static let people = ["asha", "bela", "chitra"]
    private let now = WallTime(seconds: 1_700_000_000)

    /// A lifecycle, and what an onlooker remembers of it.
    private struct Node: Hashable {
        var lifecycle = Lifecycle()
        var submitters: Set<String> = []
        var goLiveBy: Set<String> = []
        var suspendBy: Set<String> = []
        var wentLiveByTwo = false
    }

    private func next(_ node: Node, _ move: LifecycleMove, by actor: String) -> Node? {
        var next = node
        guard (try? next.lifecycle.move(move, by: actor, at: now)) != nil else { return nil }
        let arrived = next.lifecycle.state != node.lifecycle.state
        if move == .submit {
            next.submitters.insert(actor)
            next.wentLiveByTwo = false
        }
        if move == .goLive { next.goLiveBy.insert(actor) }
        if move == .suspend, node.lifecycle.state == .revoked { next.suspendBy.insert(actor) }
        if move == .goLive, arrived { next.wentLiveByTwo = next.goLiveBy.subtracting(next.submitters).count == 2 }
        return next
    }

    private func walk(_ visit: (Node, LifecycleMove, String, Node) -> Void) -> Set<Node> {
        var seen: Set<Node> = [Node()]
        var frontier = [Node()]
        while let node = frontier.popLast() {
            for move in LifecycleMove.allCases {
                for actor in LifecycleWalkTests.people {
                    guard var next = next(node, move, by: actor) else { continue }
                    visit(node, move, actor, next)
                    if next.lifecycle.state != node.lifecycle.state { (next.goLiveBy, next.suspendBy) = ([], []) }
                    if seen.insert(next).inserted { frontier.append(next) }
                }
            }
        }
        return seen
    }

    @Test func `nothing reaches live without two people who never submitted it`() {
        var livesReached = 0
        let seen = walk { before, move, actor, after in
            guard after.lifecycle.state == .live, before.lifecycle.state != .live else { return }
            livesReached += 1
            #expect(after.wentLiveByTwo, "\(before.lifecycle) by \(move) of \(actor)")
            if move == .goLive {
                #expect(!after.submitters.contains(actor))
                #expect(after.goLiveBy.subtracting(after.submitters).count == 2)
            }
        }
        #expect(livesReached > 0)
        #expect(seen.count > 100)
        #expect(Set(seen.map(\.lifecycle.state)) == Set(ApplicationState.allCases))
    }

    @Test func `only two people bring a revoked application back, and only to suspended`() {
        var returns = 0
        _ = walk { before, move, _, after in
            guard before.lifecycle.state == .revoked, after.lifecycle.state != .revoked else { return }
            returns += 1
            #expect(move == .suspend && after.lifecycle.state == .suspended)
            #expect(after.suspendBy.count == 2)
        }
        #expect(returns > 0)
    }

    @Test func `a first vote never outlives the state it was given in`() {
        _ = walk { before, _, _, after in
            if before.lifecycle.state != after.lifecycle.state { #expect(after.lifecycle.pending == nil) }
        }
    }
}
