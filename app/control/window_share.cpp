#include "app/control/window_share.h"

#include <algorithm>
#include <utility>

#include "app/control/examples.h"
#include "core/serve/links.h"

namespace procatlas {

Result<std::unique_ptr<WindowShare>> WindowShare::begin(ShareWith with, bool asks_names, const Messages& english,
                                                        const Messages& korean, CarryOut carry_out) {
    auto server = HttpServer::listen(address_of(with));
    if (!server) {
        return std::unexpected(server.error());
    }
    return std::unique_ptr<WindowShare>(new WindowShare(std::move(*server), asks_names, english, korean, std::move(carry_out)));
}

WindowShare::WindowShare(HttpServer server, bool asks_names, const Messages& english, const Messages& korean,
                         CarryOut carry_out)
    : carry_out_(std::move(carry_out)),
      step_({{"en", english}, {"ko", korean}}, asks_names),
      share_(std::move(server), {{"en", english}, {"ko", korean}}, *this) {
    const ShareLinks links = share_links(share_);
    shown_ = {.page = links.page,
              .look = links.look,
              .drive = links.drive,
              .code = share_.access().class_code(),
              .qr = qr_code(links.look),
              .asks_names = asks_names};
}

bool WindowShare::pump(const LiveRun& run, std::optional<std::size_t> moment, std::size_t images, LessonSession* lesson) {
    step_.follow(lesson, run);
    // Who leads may look on; what is recorded meanwhile is not looked at yet.
    std::optional<std::size_t> until = step_.until();
    if (until && (moment || !step_.step()->running)) {
        until = moment ? std::optional(std::max(*until, *moment)) : std::nullopt;
    }
    share_.pump({.recording = run.recording(),
                 .generation = run.generation(),
                 .images = images,
                 .title = run.title(),
                 .moment = moment,
                 .live = run.live(),
                 .holding = run.holding(),
                 .question = step_.question(),
                 .step = step_.step(),
                 .until = until,
                 .parts = step_.parts()});
    const bool news =
        shown_.people != share_.present() || shown_.code != share_.access().class_code() || shown_.votes != share_.votes();
    shown_.votes = share_.votes();
    shown_.people = share_.present();
    shown_.code = share_.access().class_code();
    return news;
}

std::vector<ClassVote> class_votes(const RunShare& share, const std::string& question) {
    std::vector<ClassVote> votes;
    for (const RunShare::GivenVote& vote : share.given_votes(question)) {
        votes.push_back({vote.visitor, vote.name, vote.answer, vote.unix_ms});
    }
    return votes;
}

std::vector<SharedExample> WindowShare::examples(std::string_view language) const {
    return shared_examples(language);
}

std::vector<SharedExample> shared_examples(std::string_view language) {
    std::vector<SharedExample> shared;
    for (const Example& example : list_examples()) {
        const bool korean = language == "ko" && !example.description_ko.empty();
        shared.push_back({example.name, korean ? example.description_ko : example.description});
    }
    return shared;
}

}  // namespace procatlas
