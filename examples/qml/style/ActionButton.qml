// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

import QtQuick
import QtQuick.Controls.Basic

Button {
    id: button

    property color tint: Theme.accent

    padding: 8
    leftPadding: 16
    rightPadding: 16
    font.pixelSize: 14
    opacity: enabled ? 1 : 0.45

    contentItem: Text {
        text: button.text
        font: button.font
        color: button.checkable && !button.checked ? Theme.text : "white"
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
    background: Rectangle {
        implicitHeight: 36
        radius: 8
        color: {
            const base = button.checkable && !button.checked ? Theme.raised : button.tint;
            return button.down ? Qt.darker(base, 1.25) : button.hovered ? Qt.lighter(base, 1.1) : base;
        }
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.text
    }
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
}
