// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "client.h"
#include "drawing.h"
#include "sampler.h"
#include "workloads.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTextStream>
#include <QTimer>

#include <cstdio>
#include <unistd.h>

/*
 * interprocessqt-soak --seconds <n> [--no-verdict] <folder>: all primitives at once, for so long. Draws what it uses into
 * soak.svg in the folder, with the figures in soak.csv. Ends with 1 if that is not flat, or if anything went wrong.
 */
namespace
{

bool writeFile(const QString &path, const QString &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) == -1) {
        std::fprintf(stderr, "%s: %s\n", qPrintable(path), qPrintable(file.errorString()));
        return false;
    }
    return true;
}

QString table(const Sampler &sampler)
{
    QString text = QStringLiteral("seconds,memory MiB,descriptors,processor %\n");
    for (const Sampler::Sample &each : sampler.samples())
        text += QStringLiteral("%1,%2,%3,%4\n").arg(each.seconds, 0, 'f', 1).arg(each.memory, 0, 'f', 2).arg(each.descriptors).arg(each.processor, 0, 'f', 1);
    return text;
}

int soak(int seconds, bool verdict, const QString &folder)
{
    QTextStream out(stdout);
    const QTemporaryDir names;
    if (!names.isValid()) {
        std::fprintf(stderr, "no folder for names: %s\n", qPrintable(names.errorString()));
        return 2;
    }
    Sampler sampler;
    auto workloads = Workload::all(names.path());

    QTimer second;
    QObject::connect(&second, &QTimer::timeout, qApp, [&] {
        const Sampler::Sample &now = sampler.take();
        const bool terminal = isatty(1);
        if (terminal || int(sampler.samples().size()) % 30 == 0) {
            out << (terminal ? "\r\033[K" : "")
                << QStringLiteral("    %1 of %2 s: %3 MiB, %4 descriptors, %5 % of a processor")
                       .arg(qRound(now.seconds))
                       .arg(seconds)
                       .arg(now.memory, 0, 'f', 1)
                       .arg(now.descriptors)
                       .arg(now.processor, 0, 'f', 0)
                << (terminal ? "" : "\n") << Qt::flush;
        }
        if (now.seconds >= seconds)
            qApp->quit();
    });
    second.start(1000);
    QCoreApplication::exec();
    second.stop();

    QMap<QString, qint64> done;
    QStringList wrong;
    for (const auto &workload : workloads) {
        for (auto it = workload->done().cbegin(); it != workload->done().cend(); ++it)
            done[it.key()] += it.value();
        wrong += workload->wrong();
    }
    workloads.clear();

    out << (isatty(1) ? "\r\033[K" : "") << "Done:";
    for (auto it = done.cbegin(); it != done.cend(); ++it)
        out << (it == done.cbegin() ? " " : ", ") << it.value() << ' ' << it.key();
    out << '\n';
    bool good = true;
    for (const Sampler::Line &line : sampler.lines()) {
        out << QStringLiteral("%1: %2 %4, then %3 %4, %5\n")
                   .arg(line.name)
                   .arg(line.before, 0, 'f', 1)
                   .arg(line.after, 0, 'f', 1)
                   .arg(line.unit, line.isFlat ? QStringLiteral("flat") : QStringLiteral("NOT FLAT"));
        good = good && (line.isFlat || !verdict);
    }
    for (const QString &each : std::as_const(wrong))
        out << "wrong: " << each << '\n';
    good = good && wrong.isEmpty();
    QDir().mkpath(folder);
    good = writeFile(folder + QLatin1String("/soak.svg"), drawn(sampler)) && writeFile(folder + QLatin1String("/soak.csv"), table(sampler)) && good;
    out << "Drawn: " << folder << "/soak.svg\n" << Qt::flush;
    return good ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 5 && arguments[1] == QLatin1String("--client"))
        return runClient(arguments[2], arguments[3], arguments[4].toInt());
    const int seconds = arguments.value(1) == QLatin1String("--seconds") ? arguments.value(2).toInt() : 0;
    const bool verdict = arguments.value(3) != QLatin1String("--no-verdict");
    const QString folder = arguments.value(verdict ? 3 : 4);
    if (seconds <= 0 || folder.isEmpty()) {
        std::fprintf(stderr, "interprocessqt-soak --seconds <n> [--no-verdict] <folder>\n");
        return 2;
    }
    return soak(seconds, verdict, folder);
}
