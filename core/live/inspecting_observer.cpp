#include "core/live/inspecting_observer.h"

#include <sys/epoll.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "core/live/event_parts.h"
#include "core/live/interpreter_frames.h"
#include "core/live/python_hook.h"
#include "core/live/python_message.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

std::uint64_t steady_ns() {
    const auto time = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
}

}  // namespace

InspectingObserver::InspectingObserver(std::unique_ptr<Observer> inner, std::string only, FollowedCode followed,
                                       PythonHook hook, std::string hook_folder, std::shared_ptr<Companions> where)
    : inner_(std::move(inner)),
      followed_(followed),
      hook_(hook),
      hook_folder_(std::move(hook_folder)),
      events_(::epoll_create1(EPOLL_CLOEXEC)),
      functions_(std::move(only)) {
    reader_.move_to(std::move(where));
    for (const int descriptor : {inner_->descriptor(), reader_.descriptor()}) {
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        if (descriptor >= 0) {
            ::epoll_ctl(events_.get(), EPOLL_CTL_ADD, descriptor, &wanted);
        }
    }
}

std::vector<ObservedEvent> InspectingObserver::receive() {
    for (ObservedEvent& event : inner_->receive()) {
        take(std::move(event));
    }
    for (ReaderReply& reply : reader_.receive()) {
        if (!abandoned_) {
            answered(std::move(reply));
        }
    }
    std::vector<ObservedEvent> ready;
    while (!queue_.empty() && (queue_.front().open == 0 || abandoned_)) {
        ready.push_back(std::move(queue_.front().event));
        queue_.pop_front();
        ++first_;
    }
    return ready;
}

void InspectingObserver::set_stop_points(const StopPoints& points) {
    stops_.set(points);
    std::ranges::for_each(stops_.processes(), [this](std::int32_t pid) { watch(pid); });
}

void InspectingObserver::watch(std::int32_t pid) {
    std::vector<StopWatch::Watched> wanted = stops_.watched_in(pid);
    std::vector<StopWatch::Watched>& now = watched_[pid];
    if (wanted == now) {
        return;
    }
    WatchCommand command{pid, {}};
    std::ranges::transform(wanted, std::back_inserter(command.places), &StopWatch::Watched::place);
    (void)inner_->send(command);
    now = std::move(wanted);
}

void InspectingObserver::end(const std::string& why) {
    abandoned_ = true;
    inner_->end(why);
}

void InspectingObserver::take(ObservedEvent event) {
    const std::int32_t pid = event.process.pid;
    if (const auto* fork = std::get_if<ForkEvent>(&event.detail)) {
        functions_.forked(pid, fork->child.pid);
        learner_.forked(pid, fork->child.pid);
        watched_[fork->child.pid] = std::vector(watched_[pid]);
        patience_.forked(pid, fork->child.pid);
        if (pythons_.contains(pid)) {
            pythons_.insert(fork->child.pid);
        } else {
            pythons_.erase(fork->child.pid);
        }
        if (const auto program = programs_.find(pid); program != programs_.end()) {
            programs_.insert_or_assign(fork->child.pid, std::string(program->second));
        }
    } else if (event.message) {
        if (!take_message(event)) {
            return let_go(event);
        }
    } else if (auto* call = std::get_if<CallEvent>(&event.detail)) {
        call->name = functions_.name_of(pid, call->function);
    } else if (auto* back = std::get_if<ReturnEvent>(&event.detail)) {
        back->name = functions_.name_of(pid, back->function);
    } else if (auto* write = std::get_if<WriteEvent>(&event.detail)) {
        const auto& watched = watched_[pid];
        const auto found = std::ranges::find(watched, write->place, &StopWatch::Watched::place);
        write->name = found != watched.end() ? found->name : std::string();
    }
    const bool another_program = std::holds_alternative<ExecEvent>(event.detail);
    if (another_program || std::holds_alternative<ExitEvent>(event.detail)) {
        learner_.forget(pid);
        ration_.forget(pid);
    }
    if (another_program) {
        pythons_.erase(pid);  // not at its end, when the last reading is still to come
        patience_.forget(pid);
    }
    if (another_program || std::holds_alternative<ExitEvent>(event.detail)) {
        programs_.erase(pid);
        misspoken_.erase(pid);
        watched_.erase(pid);
    }
    if (const auto* exec = std::get_if<ExecEvent>(&event.detail); exec && is_python(exec->path)) {
        programs_[pid] = exec->path;
    }
    queue_.push_back({std::move(event), 0, 0, {}});
    if ((queue_.back().event.waits || queue_.back().event.message) && !abandoned_) {
        look_inside(queue_.back());
    }
}

void InspectingObserver::let_go(const ObservedEvent& event) {
    if (event.waits) {
        (void)inner_->send(ReleaseCommand{event.thread});
    }
}

bool InspectingObserver::take_message(ObservedEvent& event) {
    const std::int32_t pid = event.process.pid;
    auto told = parse_python_message(*event.message);
    if (!told) {
        const auto why = is_cut_message(*event.message) ? PythonNotTold::too_long : PythonNotTold::not_understood;
        event.detail = GapEvent{GapCode::python_not_told, {}, static_cast<std::uint64_t>(why)};
        return misspoken_.insert(pid).second;
    }
    pythons_.insert(pid);
    if (!functions_.is_wanted(pid, told->function)) {
        return false;
    }
    if (auto* call = std::get_if<CallEvent>(&event.detail)) {
        call->name = told->function;
    } else if (auto* back = std::get_if<ReturnEvent>(&event.detail)) {
        back->name = told->function;
    } else if (auto* paused = std::get_if<SuspendEvent>(&event.detail)) {
        paused->name = told->function;
    } else if (auto* resumed = std::get_if<ResumeEvent>(&event.detail)) {
        resumed->name = told->function;
    } else if (auto* raised = std::get_if<ExceptionEvent>(&event.detail)) {
        raised->exception = told->result;
    }
    Inside inside = *told->inside;
    if (const auto& last = last_[event.thread]) {
        share_equal_parts(inside, *last);
    }
    event.inside = last_[event.thread] = std::make_shared<const Inside>(std::move(inside));
    return true;
}

// `queued` must be the last of the queue.
void InspectingObserver::look_inside(Queued& queued) {
    ObservedEvent& event = queued.event;
    const std::int32_t pid = event.process.pid;
    const std::uint64_t own_number = first_ + queue_.size() - 1;
    if (event.message) {  // it has told what there is
        if (event.inside) {
            for (ReaderRequest& question : learner_.questions(pid, *event.inside->stack)) {
                ask(own_number, std::move(question));
            }
            if (hook_ == PythonHook::with_interpreter && event.registers) {
                ask(own_number, InsideRequest{pid, event.thread, *event.registers, false, false, false, true});
            }
        }
        if (queued.open == 0) {
            release(queued);
        }
        return;
    }
    if (!ration_.wants_reading(event, steady_ns())) {
        pass_over(queued, "not read, because such events follow each other too quickly");
        return;
    }
    if (!patience_.wants_reading(pid)) {
        pass_over(queued, "not read, because earlier readings did not come in time");
        return;
    }
    const Registers registers = event.registers ? *event.registers : Registers{};
    const bool another_program = std::holds_alternative<ExecEvent>(event.detail);
    const bool native = !pythons_.contains(pid);  // the frames of an interpreter are not those of its program
    ask(own_number, another_program ? ReaderRequest(PlanRequest{pid, followed_})
                                    : InsideRequest{pid, event.thread, registers, true, native, true, native});
}

void InspectingObserver::pass_over(Queued& queued, const char* why) {
    Inside inside;
    inside.error = why;
    queued.event.inside = std::make_shared<const Inside>(std::move(inside));
    release(queued);
}

void InspectingObserver::ask(std::uint64_t number, ReaderRequest question) {
    Queued& queued = queue_[number - first_];
    ++queued.open;
    queued.asked_ns = queued.asked_ns == 0 ? steady_ns() : queued.asked_ns;
    asked_.push_back(number);
    reader_.ask(std::move(question));
}

void InspectingObserver::answered(ReaderReply reply) {
    const std::uint64_t number = asked_.front();
    asked_.pop_front();
    Queued& queued = queue_[number - first_];
    const bool plans = std::holds_alternative<PlanRequest>(reply.request);
    if (plans || std::holds_alternative<InsideRequest>(reply.request)) {
        patience_.answered(queued.event.process.pid, reply.late);
        ration_.took(queued.event.process.pid, steady_ns() - queued.asked_ns);
    }
    if (plans) {
        plan(queued.event, std::move(reply));
    } else if (queued.event.message && std::holds_alternative<InsideRequest>(reply.request)) {
        attach_interpreter(queued.event, std::move(reply));
    } else if (std::holds_alternative<InsideRequest>(reply.request)) {
        attach(number, std::move(reply));
    } else {
        learner_.answered(std::move(reply), queued.learnt);
    }
    if (--queued.open == 0) {
        release(queued);
    }
}

// Lets the thread continue: nothing more is to be read while it is stopped.
void InspectingObserver::release(Queued& queued) {
    if (std::holds_alternative<ExitEvent>(queued.event.detail)) {
        patience_.forget(queued.event.process.pid);
    }
    if (!queued.learnt.sources.empty() || !queued.learnt.functions.empty()) {
        queued.event.learnt = std::make_shared<const Learnt>(std::move(queued.learnt));
    }
    const bool stop = queued.event.waits && stops_.stops(queued.event);
    if (queued.event.waits) {
        watch(queued.event.process.pid);
    }
    if (stop) {
        queued.event.held = true;
        stopped_ = true;
        (void)inner_->send(ReleaseCommand{queued.event.thread, true});
        return;
    }
    let_go(queued.event);
}

void InspectingObserver::plan(ObservedEvent& event, ReaderReply reply) {
    auto* found = reply.get<BreakpointPlan>();
    if (const auto* exec = std::get_if<ExecEvent>(&event.detail); exec && hook_ != PythonHook::none && is_python(exec->path)) {
        return explain_python(
            event,
            found ? found->python_path : hook_folder_);  // what is to be seen is the program that it runs, not the interpreter
    }
    if (!found || found->functions.empty()) {  // the program runs, without calls and lines; the event says why
        Inside inside;
        inside.error = found ? found->why_none : reply.answer ? std::string() : reply.answer.error().message;
        event.inside = std::make_shared<const Inside>(std::move(inside));
    }
    if (!found) {
        return;
    }
    const std::int32_t pid = event.process.pid;
    (void)inner_->send(BreakpointsCommand{pid, functions_.take(pid, std::move(*found))});
}

void InspectingObserver::explain_python(ObservedEvent& event, const std::string& python_path) {
    const std::string option = leaves_hook_out(std::get<ExecEvent>(event.detail).arguments.all());
    Inside inside;
    if (!option.empty()) {
        inside.error = "its option " + option + " leaves out what tells procatlas of them";
    } else if (python_path.find(hook_folder_) == std::string::npos) {
        inside.error = "PYTHONPATH was changed or removed before it began, and with it what tells procatlas of them";
    } else {
        inside.error = no_script_yet;
        pythons_.insert(event.process.pid);
    }
    event.inside = std::make_shared<const Inside>(std::move(inside));
}

void InspectingObserver::attach(std::uint64_t number, ReaderReply reply) {
    ObservedEvent& event = queue_[number - first_].event;
    Inside inside;
    if (auto* found = reply.get<Inside>()) {
        inside = std::move(*found);
        if (pythons_.contains(event.process.pid)) {  // it may have told of itself only meanwhile
            inside.stack = nullptr;
            inside.globals = nullptr;
            inside.instruction.clear();
        }
        if (inside.stack) {
            Stack stack = *inside.stack;
            keep_bytes_near(stack, event.stack_pointer);
            inside.stack = std::make_shared<const Stack>(std::move(stack));
            for (ReaderRequest& question : learner_.questions(event.process.pid, *inside.stack)) {
                ask(number, std::move(question));
            }
        }
        if (const auto& last = last_[event.thread]) {
            share_equal_parts(inside, *last);
        }
    } else if (!reply.answer) {
        inside.error = reply.answer.error().message;
    }
    event.inside = std::make_shared<const Inside>(std::move(inside));
    if (!pythons_.contains(event.process.pid)) {
        last_[event.thread] = event.inside;
    }
}

// What is told stays, whether or not the frames below can be read.
void InspectingObserver::attach_interpreter(ObservedEvent& event, ReaderReply reply) {
    const auto* found = reply.get<Inside>();
    if (!found || !found->stack) {
        return;
    }
    Inside inside = *event.inside;
    Stack stack = *inside.stack;
    std::ranges::copy(interpreter_frames(*found->stack, programs_[event.process.pid]), std::back_inserter(stack.frames));
    inside.stack = std::make_shared<const Stack>(std::move(stack));
    event.inside = last_[event.thread] = std::make_shared<const Inside>(std::move(inside));
}

}  // namespace procatlas
