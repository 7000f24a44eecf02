// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// A live view of a service: its clients go by way of this program.

#include "../exampleapplication.h"
#include "demo.h"

#include <QCommandLineParser>
#include <QTimer>

#include <memory>

int main(int argc, char *argv[])
{
    ExampleApplication application(argc, argv);
    QCommandLineParser options;
    options.setApplicationDescription(
        QStringLiteral("A live view of a service. It listens in the place of the service, and hands everything on to it:\n"
                       "who talks to it, how much, and what. Without a service it starts that of the demo."));
    options.addHelpOption();
    const QCommandLineOption service(QStringLiteral("service"), QStringLiteral("Where the service is: @name, or a path."), QStringLiteral("address"));
    const QCommandLineOption listen(QStringLiteral("listen"), QStringLiteral("Where its clients are to go instead."), QStringLiteral("address"));
    options.addOptions({service, listen});
    options.process(application);

    const QString suffix = QString::number(QCoreApplication::applicationPid());
    const bool isDemo = !options.isSet(service);
    const QString behind = isDemo ? QString(QStringLiteral("@interprocessqt-demo-") + suffix) : options.value(service);
    QString inFront = options.value(listen);
    if (inFront.isEmpty())
        inFront = isDemo ? QString(QStringLiteral("@interprocessqt-monitor-") + suffix) : QString(behind + QStringLiteral("-monitor"));

    std::unique_ptr<Demo> demo;
    if (isDemo) {
        demo = std::make_unique<Demo>(behind, inFront);
        if (!demo->start())
            return 1;
        // When the window is there, so that it is seen from the beginning.
        QTimer::singleShot(1000, demo.get(), &Demo::runClient);
    }
    return application.run(QStringLiteral("Monitor"),
                           {
                               {QStringLiteral("service"), behind},
                               {QStringLiteral("address"), inFront},
                               {QStringLiteral("demo"), isDemo},
                               {QStringLiteral("canRunClient"), isDemo},
                           },
                           [&demo](QObject *window) {
                               if (demo)
                                   QObject::connect(window, SIGNAL(clientWanted()), demo.get(), SLOT(runClient()));
                           });
}
