// A stranger's recording, taken apart in this process: in procatlas-opener, which can do no harm, and in the fuzzers.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "core/base/result.h"
#include "core/store/database.h"
#include "core/store/rows.h"

namespace procatlas {

class DatabaseRows final : public Rows {
public:
    DatabaseRows(const Database& database, Statement statement) : database_(database), statement_(std::move(statement)) {}

    [[nodiscard]] Result<bool> next() override;

private:
    void take_row();

    const Database& database_;
    Statement statement_;
};

class DatabaseSource final : public RowSource {
public:
    // `database` was opened by open_untrusted.
    [[nodiscard]] static Result<std::unique_ptr<DatabaseSource>> of(Database database);

    [[nodiscard]] Result<std::unique_ptr<DatabaseRows>> ask_here(std::string_view query);
    [[nodiscard]] Result<std::unique_ptr<Rows>> ask(std::string_view query) override { return ask_here(query); }

private:
    explicit DatabaseSource(Database database) : database_(std::move(database)) {}

    Database database_;
};

}  // namespace procatlas
