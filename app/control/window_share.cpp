#include "app/control/window_share.h"

#include <utility>

#include "app/control/examples.h"
#include "core/serve/links.h"

namespace procatlas {

Result<std::unique_ptr<WindowShare>> WindowShare::begin(ShareWith with, const Messages& english, const Messages& korean,
                                                        CarryOut carry_out) {
    auto server = HttpServer::listen(address_of(with));
    if (!server) {
        return std::unexpected(server.error());
    }
    return std::unique_ptr<WindowShare>(new WindowShare(std::move(*server), english, korean, std::move(carry_out)));
}

WindowShare::WindowShare(HttpServer server, const Messages& english, const Messages& korean, CarryOut carry_out)
    : carry_out_(std::move(carry_out)), share_(std::move(server), {{"en", english}, {"ko", korean}}, *this) {
    const ShareLinks links = share_links(share_);
    shown_ = {.page = links.page,
              .look = links.look,
              .drive = links.drive,
              .code = share_.access().class_code(),
              .qr = qr_code(links.look)};
}

bool WindowShare::pump(const LiveRun& run, std::optional<std::size_t> moment, std::size_t images,
                       std::optional<SharedQuestion> question) {
    share_.pump({.recording = run.recording(),
                 .generation = run.generation(),
                 .images = images,
                 .title = run.title(),
                 .moment = moment,
                 .live = run.live(),
                 .holding = run.holding(),
                 .question = std::move(question)});
    const bool news =
        shown_.people != share_.present() || shown_.code != share_.access().class_code() || shown_.votes != share_.votes();
    shown_.votes = share_.votes();
    shown_.people = share_.present();
    shown_.code = share_.access().class_code();
    return news;
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
