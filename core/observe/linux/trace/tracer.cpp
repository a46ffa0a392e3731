#include "core/observe/linux/trace/tracer.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/found_process.h"

namespace procatlas {
namespace {
constexpr std::uint64_t look_every_ns = 100'000'000;
}

PageWatch::Mode page_mode(const LaunchCommand& command) {
    return !command.pages ? PageWatch::Mode::off : command.frames ? PageWatch::Mode::read_frames : PageWatch::Mode::read;
}

Tracer::Tracer(std::string& out, const std::string& terminal)
    : sink_(out),
      calls_(tracees_, gatherer_, sink_, terminal),
      dispatcher_({.tracees = tracees_,
                   .pacing = pacing_,
                   .sink = sink_,
                   .stepper = stepper_,
                   .gatherer = gatherer_,
                   .lineage = lineage_,
                   .resumer = resumer_,
                   .steps = step_control_,
                   .calls = calls_,
                   .signals = signals_,
                   .exits = exits_,
                   .turns = &turns_}) {}

void Tracer::begin(const LaunchCommand& command) {
    pacing_.start(command);
    step_control_.set_grain(command.grain);
    // Whoever wants the life of the processes alone wants it quickly.
    gatherer_.descriptors().set_mode(command.watch_memory ? DescriptorWatch::Mode::on : DescriptorWatch::Mode::off);
    if (command.watch_elsewhere) {
        calls_.output().tell_elsewhere();
    }
    gatherer_.maps().set_mode(command.read_maps ? MapWatch::Mode::on : MapWatch::Mode::off);
    pages_.set_mode(page_mode(command));
    if (command.tell_waits) {
        waits_.begin();
    }
}

void Tracer::start(pid_t pid, const LaunchCommand& command) {
    begin(command);
    const TracedThread& first = lineage_.add_first(pid);
    if (command.take_turns) {
        resumer_.take_turns(turns_);
        calls_.take_turns(turns_);
        turns_.begin(pid, command.execs_before_turns);
    }
    sink_.tell(sink_.event_of(first.process->key, pid,
                              StartEvent{::getpid(), command.arguments, command.working_folder, read_ancestors(pid)}));
}

void Tracer::attach(const Seized& seized, const LaunchCommand& command) {
    begin(command);
    gatherer_.descriptors().set_mode(DescriptorWatch::Mode::on);  // beside what is found, the few reads cost nothing
    const TracedProcess& process = lineage_.add_attached(seized);
    TracedThread& leader = *tracees_.find_thread(process.key.pid);
    const Gathered gathered =
        gatherer_.gather(leader, FoundEvent{std::make_shared<const FoundProcess>(seized.found)}, EventClass::passing,
                         {.map = Reading::Map::always, .files = Reading::Files::all});
    sink_.tell(gathered.event, gathered.memory);
}

Tracer::Handled Tracer::handle_statuses(int limit, Waiting waiting) {
    Handled handled;
    for (int i = 0; i < limit && !sink_.is_urgent(); ++i) {
        int status = 0;
        const pid_t tid = ::waitpid(-1, &status, waiting == Waiting::until_a_signal ? __WALL : __WALL | WNOHANG);
        if (tid <= 0) {
            handled.progress = tid < 0 && errno == ECHILD ? Progress::none_left : Progress::idle;
            return handled;
        }
        handled.any = true;
        dispatcher_.handle(tid, WaitStatus(status));
        turns_.next(resumer_);
    }
    handled.progress = Progress::more;
    return handled;
}

void Tracer::tick(Statuses taken) {
    run_control_.tick();
    turns_.next(resumer_);
    const std::uint64_t time = monotonic_ns();
    waits_.tick(time);
    if (taken == Statuses::all_taken && time - last_look_ns_ >= look_every_ns) {
        last_look_ns_ = time;
        lineage_.look_for_unreported();
        dispatcher_.adopt_late();
    }
}

std::optional<std::uint64_t> Tracer::next_tick() {
    std::optional<std::uint64_t> next = run_control_.next_tick();
    if (const auto look = waits_.next_tick()) {
        next = std::min(next.value_or(*look), *look);
    }
    if (const auto look = turns_.next_tick()) {
        next = std::min(next.value_or(*look), *look);
    }
    if (lineage_.has_zombies() || tracees_.has_early()) {
        const std::uint64_t look = last_look_ns_ + look_every_ns;
        next = std::min(next.value_or(look), look);
    }
    return next;
}

}  // namespace procatlas
