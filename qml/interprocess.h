// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef INTERPROCESSQT_INTERPROCESS_H
#define INTERPROCESSQT_INTERPROCESS_H

#include "interprocessqt_qml_export.h"

#include <InterprocessQt/Features.h>

#include <QtCore/qobject.h>
#include <QtQml/qqml.h>

namespace InterprocessQt
{

// What the namespace has that belongs to no object: its functions, and the enumeration of features. That is listed here once
// more: of a singleton QML sees its own enumerations only, not those of an extension (Qt 6.4).
class INTERPROCESSQT_QML_EXPORT Interprocess : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON

public:
    enum Feature : int {
        AbstractNames = int(InterprocessQt::Feature::AbstractNames),
        PeerProcessId = int(InterprocessQt::Feature::PeerProcessId),
        PeerGroups = int(InterprocessQt::Feature::PeerGroups),
        PeerProcessHandle = int(InterprocessQt::Feature::PeerProcessHandle),
        HalfClose = int(InterprocessQt::Feature::HalfClose),
        ServiceActivation = int(InterprocessQt::Feature::ServiceActivation),
        HandlePassing = int(InterprocessQt::Feature::HandlePassing),
        MessageCredentials = int(InterprocessQt::Feature::MessageCredentials),
        PacketSockets = int(InterprocessQt::Feature::PacketSockets),
    };
    Q_ENUM(Feature)

    explicit Interprocess(QObject *parent = nullptr);

    Q_INVOKABLE bool isSupported(InterprocessQt::Interprocess::Feature feature) const;
};

} // namespace InterprocessQt

#endif
