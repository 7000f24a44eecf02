// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include <QByteArray>
#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/*
 * The main() of a fuzz target where there is no fuzzer: runs every file of the folders it is given through the target,
 * and a few thousand variants of them, always the same.
 */

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace
{
constexpr int Variants = 50;

void run(const QByteArray &bytes)
{
    // Exactly as large as it is, so that a sanitizer sees each byte that is read too far.
    auto *const copy = static_cast<std::uint8_t *>(std::malloc(std::size_t(bytes.size()) + 1));
    std::copy(bytes.begin(), bytes.end(), copy + 1);
    LLVMFuzzerTestOneInput(copy + 1, std::size_t(bytes.size()));
    std::free(copy);
}

class Variation
{
public:
    quint32 below(quint32 bound)
    {
        m_state = m_state * 6364136223846793005u + 1442695040888963407u;
        return quint32(m_state >> 33) % bound;
    }
    QByteArray of(QByteArray bytes)
    {
        for (quint32 changes = 1 + below(4); changes > 0 && !bytes.isEmpty(); --changes) {
            const auto at = qsizetype(below(quint32(bytes.size())));
            switch (below(4)) {
            case 0:
                bytes[at] = char(below(256));
                break;
            case 1:
                bytes.remove(at, 1);
                break;
            case 2:
                bytes.insert(at, bytes.mid(qsizetype(below(quint32(bytes.size()))), 16));
                break;
            case 3:
                bytes.truncate(at);
                break;
            }
        }
        return bytes;
    }

private:
    quint64 m_state = 1;
};
} // namespace

int main(int argc, char **argv)
{
    Variation variation;
    int files = 0;
    for (int i = 1; i < argc; ++i) {
        const QDir folder(QFile::decodeName(argv[i]));
        const QStringList names = folder.entryList(QDir::Files, QDir::Name);
        for (const QString &name : names) {
            if (name.endsWith(QLatin1String(".license")))
                continue;
            QFile file(folder.filePath(name));
            if (!file.open(QIODevice::ReadOnly)) {
                std::fprintf(stderr, "%s: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
                return 1;
            }
            const QByteArray bytes = file.readAll();
            run(bytes);
            for (int n = 0; n < Variants; ++n)
                run(variation.of(bytes));
            ++files;
        }
    }
    run({});
    std::printf("%d files and %d variants of each\n", files, Variants);
    return files > 0 ? 0 : 1; // a corpus that is not found is not a success
}
