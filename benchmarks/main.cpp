// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "backend.h"
#include "picture.h"
#include "suite.h"
#include "table.h"
#include "worker.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSysInfo>

#include <cstdio>

using namespace Bench;

namespace
{

struct Options {
    Wishes wishes;
    bool pollDispatcher = false;
    bool byProcessorTime = false;
    QString jsonFile;
    QString pictureFile;
};

[[noreturn]] void refuse(const QString &text)
{
    std::fprintf(stderr, "interprocessqt-bench: %s\n", qUtf8Printable(text));
    std::exit(2);
}

int positive(const QCommandLineParser &parser, const QString &option)
{
    if (!parser.isSet(option))
        return 0;
    bool ok = false;
    const int value = parser.value(option).toInt(&ok);
    if (!ok || value < 1)
        refuse(QStringLiteral("--%1 wants a number from 1 on, not \"%2\".").arg(option, parser.value(option)));
    return value;
}

Options parse(const QCoreApplication &application)
{
    QStringList backendIds;
    for (const BackendInfo &backend : backends())
        backendIds.append(backend.id);
    const QString list = QStringLiteral(", ");

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Measures InterprocessQt beside QLocalSocket, plain epoll, libuv and Asio: two processes and a local socket between them.\n"
                       "Prints a table, says which targets are met, and draws a picture."));
    parser.addHelpOption();
    parser.addOptions({
        {QStringLiteral("quick"), QStringLiteral("About a minute (the default).")},
        {QStringLiteral("full"), QStringLiteral("More and longer rounds: figures to rely on.")},
        {QStringLiteral("smoke"), QStringLiteral("Only tries that everything works: the figures mean nothing.")},
        {QStringLiteral("only"),
         QStringLiteral("Measure this only: %1, or the beginning of a name such as idle-1000. May be given several times.").arg(groupNames().join(list)),
         QStringLiteral("name")},
        {QStringLiteral("backend"), QStringLiteral("With these only: %1.").arg(backendIds.join(list)), QStringLiteral("name")},
        {QStringLiteral("dispatcher"),
         QStringLiteral("Qt's event loop: default (GLib's, where Qt has it) or poll."),
         QStringLiteral("which"),
         QStringLiteral("default")},
        {QStringLiteral("cpu-time"), QStringLiteral("Count the processor time of both processes, not the clock, where they share a CPU: for busy machines.")},
        {QStringLiteral("rounds"), QStringLiteral("How many rounds; the median counts."), QStringLiteral("number")},
        {QStringLiteral("millis"), QStringLiteral("How long each measurement takes."), QStringLiteral("number")},
        {QStringLiteral("json"), QStringLiteral("Write all figures to this file."), QStringLiteral("file")},
        {QStringLiteral("picture"), QStringLiteral("Write the picture to this file."), QStringLiteral("file"), QStringLiteral(BENCH_PICTURE)},
    });
    parser.process(application);
    if (!parser.positionalArguments().isEmpty())
        refuse(QStringLiteral("what is \"%1\"? See --help.").arg(parser.positionalArguments().first()));

    Options options;
    options.wishes.extent = parser.isSet(QStringLiteral("smoke")) ? Extent::Smoke : parser.isSet(QStringLiteral("full")) ? Extent::Full : Extent::Quick;
    options.wishes.only = parser.values(QStringLiteral("only"));
    options.wishes.backends = parser.values(QStringLiteral("backend"));
    for (const QString &backend : std::as_const(options.wishes.backends)) {
        if (!backendIds.contains(backend))
            refuse(QStringLiteral("there is no backend \"%1\" in this build; there are %2.").arg(backend, backendIds.join(list)));
    }
    const QString dispatcher = parser.value(QStringLiteral("dispatcher"));
    if (dispatcher != QLatin1String("default") && dispatcher != QLatin1String("poll"))
        refuse(QStringLiteral("--dispatcher is default or poll, not \"%1\".").arg(dispatcher));
    options.pollDispatcher = dispatcher == QLatin1String("poll");
    options.byProcessorTime = parser.isSet(QStringLiteral("cpu-time"));
    options.wishes.rounds = positive(parser, QStringLiteral("rounds"));
    options.wishes.millis = positive(parser, QStringLiteral("millis"));
    options.jsonFile = parser.value(QStringLiteral("json"));
    options.pictureFile = parser.value(QStringLiteral("picture"));
    return options;
}

bool save(const QString &name, const QByteArray &content)
{
    QFile file(name);
    if (file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.flush())
        return true;
    std::fprintf(stderr, "interprocessqt-bench: %s: %s\n", qUtf8Printable(name), qUtf8Printable(file.errorString()));
    return false;
}

QJsonObject toJson(const Suite &suite, const QList<Verdict> &verdicts, const QString &about)
{
    QJsonObject json = suite.results().toJson();
    QJsonArray targets;
    for (const Verdict &verdict : verdicts) {
        targets.append(QJsonObject{{QStringLiteral("target"), verdict.text},
                                   {QStringLiteral("value"), verdict.value},
                                   {verdict.atMost ? QStringLiteral("atMost") : QStringLiteral("atLeast"), verdict.bound},
                                   {QStringLiteral("met"), verdict.isMet()}});
    }
    json.insert(QStringLiteral("targets"), targets);
    json.insert(QStringLiteral("about"), about);
    return json;
}

void printCalls(const Suite &suite)
{
    for (const Row &row : suite.results().rows()) {
        const QString ours = suite.callDetails().value(row.id).value(QStringLiteral("interprocessqt"));
        const QString qt = suite.callDetails().value(row.id).value(QStringLiteral("qlocalsocket"));
        if (!ours.isEmpty())
            std::printf("%s: InterprocessQt %s; QLocalSocket %s\n", qUtf8Printable(row.title), qUtf8Printable(ours), qUtf8Printable(qt));
    }
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc > 2 && QByteArrayView(argv[1]) == "--worker") {
        QStringList arguments;
        for (int i = 2; i < argc; ++i)
            arguments.append(QString::fromLocal8Bit(argv[i]));
        return runWorker(arguments);
    }

    QCoreApplication application(argc, argv);
    Options options = parse(application);
    const QList<int> cpus = usableCpus();
    options.wishes.descriptors = raiseDescriptorLimit();
    options.wishes.cpus = int(cpus.size());
    options.wishes.canTrace = Runner::canTrace();
    const bool smoke = options.wishes.extent == Extent::Smoke;
    const Plan plan = makePlan(options.wishes);
    if (plan.measurements.isEmpty())
        refuse(QStringLiteral("there is nothing to measure; see --help for the names."));

    Suite suite({plan, cpus, options.pollDispatcher, options.byProcessorTime, !smoke});
    const bool complete = suite.run();

    const QString about = QStringLiteral("Qt %1, %2 dispatcher; %3; %4 CPUs; %5; %6")
                              .arg(QLatin1String(qVersion()), options.pollDispatcher ? QStringLiteral("poll") : QStringLiteral("default"))
                              .arg(QSysInfo::prettyProductName() + QStringLiteral(", kernel ") + QSysInfo::kernelVersion())
                              .arg(cpus.size())
                              .arg(plan.rounds == 1 ? QStringLiteral("1 round") : QStringLiteral("medians of %1 rounds").arg(plan.rounds))
                              .arg(options.byProcessorTime ? QStringLiteral("by processor time") : QStringLiteral("by the clock"));
    const QList<Verdict> verdicts = smoke ? QList<Verdict>() : judge(suite.results());
    std::printf("%s\n", qUtf8Printable(about));
    std::printf("%s", qUtf8Printable(figureTable(suite.results())));
    printCalls(suite);
    std::printf("%s", qUtf8Printable(targetTable(verdicts)));
    for (const QString &note : suite.results().notes())
        std::printf("\n%s", qUtf8Printable(note));

    bool saved = save(options.pictureFile, drawPicture(suite.results(), about));
    if (saved)
        std::printf("\nThe picture: %s\n", qUtf8Printable(options.pictureFile));
    if (!options.jsonFile.isEmpty())
        saved = save(options.jsonFile, QJsonDocument(toJson(suite, verdicts, about)).toJson()) && saved;
    return complete && saved ? 0 : 1;
}
